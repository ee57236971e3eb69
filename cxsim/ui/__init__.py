"""The interface in the browser: pages and components; what they show comes from studies and charts."""
