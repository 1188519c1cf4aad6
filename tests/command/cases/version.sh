segent --version | sed -E 's/[0-9]+\.[0-9]+\.[0-9]+/VERSION/'
segent -V | sed -E 's/[0-9]+\.[0-9]+\.[0-9]+/VERSION/'
segent run --version | sed -E 's/[0-9]+\.[0-9]+\.[0-9]+/VERSION/'
