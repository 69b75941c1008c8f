"""maan: a dunning sidecar that runs beside a bookkeeping package."""
