#!/usr/bin/env bash
# Every paper in LibreOffice's hands: converted to pages, whose lines are checked, and drawn as pictures to look at.
# Long lists are those of 120 candidates. Usage: scripts/papers.sh [DIRECTORY for the pictures]
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:-target/papers}")
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
# Liberation Serif 2 has the metrics of Times New Roman, and the letters of Vietnamese.
needed=(libreoffice-writer poppler-utils fonts-liberation2 jq)
if ! dpkg -s "${needed[@]}" > /dev/null 2>&1; then
    root apt-get update -q > /dev/null
    root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${needed[@]}" > /dev/null
fi
cargo build --locked -q
thidua=${CARGO_TARGET_DIR:-target}/debug/thidua
rm -rf "$out"
mkdir -p "$out"
cp examples/papers/*.json "$out"
# The rows of a list again and again, each with its number: 120.
long() {
    jq --arg list "$2" '.values.lists[$list] |= [range(120) as $at | .[$at % length] | .ten += " số \($at + 1)"]' \
        "examples/papers/$1.json" > "$out/$1-120.json"
}
long quyet_dinh danh_sach
long to_trinh danh_sach
long bao_cao_tong_ket danh_sach
long bien_ban_hop ket_qua
long bien_ban_kiem_phieu ket_qua
for values in "$out"/*.json; do
    "$thidua" documents write "$values" > "${values%.json}.docx"
done
timeout 300 soffice --headless --convert-to pdf --outdir "$out" "$out"/*.docx > /dev/null
failed=0
for values in "$out"/*.json; do
    paper=${values%.json}
    pdftotext -bbox-layout "$paper.pdf" "$paper.xhtml"
    pdftoppm -r 80 -png "$paper.pdf" "$paper"
    pages=$(pdfinfo "$paper.pdf" | sed -n 's/^Pages: *//p')
    echo "$(basename "$paper"): $pages pages"
    "$thidua" documents check "$paper.docx" --values "$values" --lines "$paper.xhtml" || failed=1
done
echo "pictures: $out/*.png"
exit $failed
