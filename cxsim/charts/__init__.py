"""Charts: pure functions from a result or a comparison to Plotly figures, titled with what the numbers say."""
