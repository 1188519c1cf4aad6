# The manual page explains every option that the help names, and no other.
page=$DATA/../../../docs/segent.1
for command in run entropy evaluate palette info convert pack fetch bench; do "$SEGENT" $command --help; done |
    sed '/^Examples/,/^Usage/d' | grep -o '^ *\(-., \)\?--[][a-z-]*' | grep -o -e '--.*' | sort -u >help
sed 's/\\-/-/g' "$page" | sed -n '/^.SH OPTIONS/,/^.SH FILES/p' | grep -o '^\.BI\? .*--[][a-z-]*' | grep -o -e '--.*' | grep -v '^--$' |
    sort -u >manual
wc -l <help
diff help manual
