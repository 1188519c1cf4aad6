# The help of everything: on stdout, exit 0, below 80 columns.
segent --help
segent help
for command in run entropy evaluate palette info fetch bench; do
    part $command
    segent $command --help
    segent help $command >again
    segent $command -h | cmp - again
done
part width
for command in run entropy evaluate palette info fetch bench; do
    segent $command --help | awk 'length > 79'
done
segent --help | awk 'length > 79'
