"""How the figure for switching after a poor experience is to be read; told wherever the figure is shown."""

READING = (
    "Of the customers of one firm who had a poor journey, the share who left it within three years (those who drifted "
    "away or needed no more are censored). It is not a chance per incident: that is the strike curve. The survey asked "
    "people about any firm, ever, so with several such relationships at once the share who left at least one, "
    "1 - (1 - p)^M, comes near to its wording. Alone the figure identifies nothing: a longer horizon or more frequent "
    "poor journeys reach it as well as a readier leaving does."
)
