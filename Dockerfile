# syntax=docker/dockerfile:1
# nbabot as an image: docker build -t nbabot .   (docs/operating.md says how it is run)

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# The dependencies come first: they change seldom, and their layer is used again until they do. Wheels only, so nothing
# is compiled and no compiler is needed, at the versions that were tested together.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > requirements.txt
RUN python -m venv --without-pip /opt/nbabot
RUN python -m pip --python /opt/nbabot/bin/python install --only-binary :all: --constraint constraints.txt --requirement requirements.txt
RUN python -m pip install --only-binary :all: --constraint constraints.txt hatchling
COPY README.md LICENSE ./
COPY models models
COPY engine engine
COPY tui tui
COPY nbabot nbabot
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .
RUN python -m pip --python /opt/nbabot/bin/python install --no-deps --no-index dist/nbabot-*.whl
RUN find /opt/nbabot -type d -name tests -path "*/site-packages/*" -prune -exec rm -rf {} +

FROM python:3.11-slim
LABEL org.opencontainers.image.title="nbabot" \
      org.opencontainers.image.description="NBA forecasts, honestly measured" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 nbabot \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin nbabot \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/nbabot /opt/nbabot
ENV PATH=/opt/nbabot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp \
    NBABOT_HOME=/data
# Everything that is written goes to /data: the root may be read-only, with a small /tmp in memory.
VOLUME /data
WORKDIR /data
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8710/healthz', timeout=4)"]
ENTRYPOINT ["nbabot"]
CMD ["run"]
