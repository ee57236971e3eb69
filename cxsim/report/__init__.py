"""Reports: one HTML file that works alone, with measures, charts, commands and scenario."""
