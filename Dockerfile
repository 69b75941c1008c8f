# The sidecar as a container: non-root, and on a read-only root file system.
# Writes only to /data, /outbox and /tmp; reads /config and /books.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python3 -m venv /opt/maan \
    && /opt/maan/bin/pip install --quiet --no-deps --require-hashes --requirement requirements.lock \
    && python3 -m venv /opt/build \
    && /opt/build/bin/pip install --quiet --no-deps --require-hashes --requirement requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY connector connector
COPY adapters adapters
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir /dist . \
    && /opt/maan/bin/pip install --quiet --no-deps --no-index /dist/maan-*.whl \
    && /opt/maan/bin/pip uninstall --quiet --yes setuptools pip

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="maan" \
      org.opencontainers.image.description="A dunning sidecar for Dutch bookkeeping packages" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 maan \
    && useradd --uid 10001 --gid maan --no-create-home --home-dir /tmp --shell /usr/sbin/nologin maan \
    && mkdir -p /config /books /data /outbox \
    && chown maan:maan /data /outbox
COPY --from=build /opt/maan /opt/maan
ENV PATH=/opt/maan/bin:/usr/local/bin:/usr/bin:/bin \
    MAAN_CONFIG=/config/maan.yaml \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/outbox"]
STOPSIGNAL SIGTERM
# Asks without a proxy, whatever the environment says; the port is that of `web: listen`.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/opt/maan/bin/python", "-I", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8600, timeout=8); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["maan"]
CMD ["run"]
