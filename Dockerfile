# Three steps: fetch front-end packages, install and build, keep only what runs.

FROM node:24-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/run.lock requirements/run.lock
COPY scripts/production_lock.py scripts/production_lock.py
RUN python scripts/production_lock.py > /tmp/production.lock \
    && python -m venv /venv \
    && /venv/bin/pip install --require-hashes -r /tmp/production.lock
COPY . .
COPY --from=front /app/node_modules node_modules
# These commands reach no server; the addresses only keep them from starting one.
RUN export SECRET_KEY=build DATABASE_URL=postgres://none/none REDIS_URL=redis://none STATIC_ROOT=/app/static-root \
    && /venv/bin/python manage.py build_assets \
    && /venv/bin/python manage.py compile_po \
    && /venv/bin/python manage.py collectstatic --noinput \
    && rm -rf node_modules

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin tunet \
    && install -d -o tunet -g tunet /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/static-root \
    TUNET_VAR=/data
USER tunet
EXPOSE 8000
CMD ["docker/web"]
