"""All that shows rates: ticker, watchlists, details, chart, converter, alerts."""
