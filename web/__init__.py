"""Between the pages and the engine: what the browser fetches by itself, and what is asked of workers for it.

Knows neither Streamlit nor torch.
"""
