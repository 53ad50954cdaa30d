# make run    installs what the app needs and starts it
# make test   installs what the tests need, Chromium included, and runs them
# make test-all   those, and more of the same kinds: PostgreSQL under every room, further widths, every step of a kill
# make check  ruff and mypy; types and lint of the JavaScript
# make bench  speed against named rivals
# make host     for who runs it for others: what is right with deploy/.env or /etc/passalong.env and the running app
# make lock     looks up the newest releases again and writes them, with hashes, into requirements.lock
# make release   wheel, licences of what it needs, and the context for an image, in dist/
# make soak   ten minutes of people and attackers together; then 100 kills; make soak MINUTES=1 KILLS=5 for a shorter look

VENV := .venv
BIN := $(VENV)/bin
JS := tests/js

LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"

MINUTES := 10
KILLS := 100

.PHONY: run test test-all check bench soak host lock release clean

run: $(VENV)/.run
	$(BIN)/streamlit run streamlit_app.py

# The room tests first; then the stories in a real browser. A story that comes late on a busy machine is tried twice more,
# and the report names it.
test: $(VENV)/.test
	./tests/tools.sh
	node --test lib/picker/web/
	$(BIN)/python -m pytest -n 3 --dist loadfile -m 'not thorough' --ignore tests/stories
	$(BIN)/python -m pytest -n 3 --dist worksteal --reruns 2 -rfER -m 'not thorough' tests/stories

test-all: test
	$(BIN)/python -m pytest -n 3 --dist loadfile -m thorough --ignore tests/stories
	$(BIN)/python -m pytest -n 3 --dist worksteal -m thorough tests/stories

check: $(VENV)/.check $(JS)/node_modules/.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(JS)/node_modules/.bin/tsc -p $(JS)
	$(JS)/node_modules/.bin/eslint --config $(JS)/eslint.config.js lib

bench: $(VENV)/.test
	./tests/bench/tools.sh
	$(BIN)/python -m tests.bench

soak: $(VENV)/.test
	$(BIN)/python -m tests.soak $(MINUTES)
	$(BIN)/python -m tests.soak.kill $(KILLS)

host: $(VENV)/.run
	./deploy/check.sh

# One lock for all Pythons and kinds of machine, of releases with which the tests can be installed as well; the second
# adds what only the image needs.
lock: $(VENV)/.lock
	$(LOCK) --upgrade --group test -o $(VENV)/everything.lock requirements.txt
	$(LOCK) --upgrade -c $(VENV)/everything.lock -o requirements.lock requirements.txt
	$(LOCK) --upgrade -c requirements.lock -o deploy/requirements.lock deploy/requirements.txt

release: $(VENV)/.release
	rm -rf dist
	$(BIN)/python -m build --quiet --wheel --outdir dist .
	git archive --format=tar.gz --output dist/passalong-image-context.tar.gz HEAD
	cp requirements.lock dist/
	$(BIN)/python -m tests.licences requirements.txt > dist/licences.md
	cd dist && sha256sum -- * > SHA256SUMS
	ls -l dist

clean:
	rm -rf dist $(VENV) $(JS)/node_modules

# Debian keeps venv in a package of its own.
$(BIN)/python:
	python3 -m venv $(VENV) || { rm -rf $(VENV); ./tests/as_root.sh apt-get install -y python3-venv && python3 -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --upgrade pip

# Exactly what was tested, and nothing whose hash is another.
$(VENV)/.run: $(BIN)/python requirements.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	touch $@

$(VENV)/.test: $(VENV)/.run pyproject.toml
	$(BIN)/pip install --quiet --group test
	touch $@

$(VENV)/.check: $(VENV)/.test pyproject.toml
	$(BIN)/pip install --quiet --group check
	touch $@

$(VENV)/.lock: $(VENV)/.run pyproject.toml
	$(BIN)/pip install --quiet --group lock
	touch $@

$(VENV)/.release: $(VENV)/.run pyproject.toml
	$(BIN)/pip install --quiet --group release
	touch $@

# Node checks the JavaScript; the app itself needs neither Node nor a build.
$(JS)/node_modules/.done: $(JS)/package-lock.json
	./tests/tools.sh
	npm --prefix $(JS) ci --silent --no-audit --no-fund
	touch $@
