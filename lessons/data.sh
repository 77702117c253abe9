#!/bin/sh
# Makes lessons/data from Debian's packages, with nothing installed: data.sh FOLDER FASHION. The irises and digits go to
# FOLDER, which holds the same files in the tree; Fashion-MNIST, which is too large for it, goes to FASHION.
set -eu
LC_ALL=C
export LC_ALL
folder=$1 fashion=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$PWD

fetch() {
	cd "$work"
	apt-get download -q "$1" >/dev/null || { echo "make data: Debian's package $1 could not be fetched" >&2; exit 1; }
	dpkg-deb --fsys-tarfile "$1"_*.deb | tar -x
	cd "$here"
}

# same FILE SUM: the file is the one that these scripts know.
same() {
	echo "$2  $1" | sha256sum -c --quiet || { echo "make data: $1 is not the file that is known" >&2; exit 1; }
}

# split EVERY PART: rows whose number is a multiple of EVERY are for the test, the others for training.
split() {
	awk -v every="$1" -v test="$2" '(NR % every == 0) == (test == "test")'
}

fetch python3-sklearn
from=$work/usr/lib/python3/dist-packages/sklearn/datasets/data
same "$from/iris.csv" f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449
same "$from/digits.csv.gz" 46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a
mkdir -p "$folder" "$fashion"
for part in train test; do
	{
		echo sepal_length,sepal_width,petal_length,petal_width,species
		tail -n +2 "$from/iris.csv" | split 5 $part
	} >"$folder/iris-$part.csv"
	{
		seq -s, -f 'x[%g]' 64 | sed 's/$/,digit/'
		zcat "$from/digits.csv.gz" | split 4 $part
	} | gzip -n9 >"$folder/digits-$part.csv.gz"
done

fetch dataset-fashion-mnist
from=$work/usr/share/datasets/fashion-mnist
same "$from/train-images-idx3-ubyte.gz" b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7
same "$from/train-labels-idx1-ubyte.gz" 0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056
same "$from/t10k-images-idx3-ubyte.gz" cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa
same "$from/t10k-labels-idx1-ubyte.gz" 8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05
cp "$from"/*.gz "$fashion"
echo "$folder: irises and digits; $fashion: Fashion-MNIST"
