# Arrays that are easily misread: notes, and float64 that float32 would spoil.

# An .npy file from the text of its header and the octal escapes of its values.
array() {
    printf '\223NUMPY\001\000'
    printf "\\$(printf %03o ${#1})\\000%s" "$1"
    printf "$2"
}
type() {
    echo "{'descr': '$1', 'fortran_order': $3, 'shape': ($2), }"
}
zeros() {
    array "$(type '<f4' "$2" False)" '' >"$1"
    head -c $((4 * $3)) /dev/zero >>"$1"
}

part classes last
zeros hwc.npy '30, 44, 21' 27720
zeros batch.npy '1, 30, 44, 21' 27720
zeros thin.npy '24, 96, 3' 6912
segent entropy --save none --json hwc.npy batch.npy thin.npy | grep -o '"classes": [0-9]*'
part classes first, no note
zeros voc.npy '21, 30, 44' 27720
zeros city.npy '19, 20, 19' 7220
zeros three.npy '3, 24, 96' 6912
zeros small.npy '4, 4, 3' 48
segent entropy --save none --json voc.npy city.npy three.npy small.npy | grep -o '"classes": [0-9]*'
part quiet
segent entropy --save none -q hwc.npy

part one class
zeros one.npy '1, 4, 4' 16
segent entropy --save none --json one.npy | grep -o '"entropy_max": [0-9]*'
segent entropy --probs --save none --json one.npy | grep -o '"entropy_max": [0-9]*'

part float64: 2 to the power of 40, and the same less 8
array "$(type '<f8' '2, 1, 1' False)" '\0\0\0\0\0\0\160\102\0\0\377\377\377\377\157\102' >offset.npy
segent entropy --save probs.npy offset.npy
od -An -v -t f4 -j 128 offset.probs.npy
part float64: 1e60, 1e60 and -1e60 are finite, infinity is not
big='\325\023\010\300\245\343\143\114'
array "$(type '<f8' '3, 1, 1' True)" "$big$big\\325\\023\\010\\300\\245\\343\\143\\314" >big.npy
array "$(type '>f8' '2, 1, 1' False)" '\177\360\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >infinite.npy
segent entropy --save none big.npy infinite.npy
part other spellings of a header
array "$(type '=f4' '2L, 1L, 1L' False)" '\0\0\0\0\0\0\000\103' >python2.npy
array "$(type 'float32' '2, 1, 1' False)" '\0\0\0\0\0\0\000\103' >name.npy
segent entropy --save none python2.npy name.npy
part files that are no arrays
printf 'PK\003\004\024\000\000\000\000\000\000\000!\000\000\000\000\000\000\000\000\000\000\000\000\000\007\000\000\000arr.npy' >archive.npz
segent entropy --save none archive.npz "$DATA/clear.png" 2>&1 >/dev/null | sed "s|$DATA/||" >&2
