#!/usr/bin/env bash
# What imports cost: values a second beside `\copy` of the same rows into the same tables, memory during imports of
# 32 MiB, and what a spreadsheet bomb costs. Needs a built thidua (best a release), Postgres's binaries, curl, jq, python3.
set -euo pipefail
cd "$(dirname "$0")/.."
thidua=${THIDUA:-target/release/thidua}
port=${PORT:-18087}
bin=$(dirname "$(ls -d "${PG_BINDIR:-/usr/lib/postgresql/*/bin}"/initdb 2> /dev/null || ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
dir=$(mktemp -d) && chmod 755 "$dir"
export RUST_LOG=${RUST_LOG:-warn} THIDUA_DATA_DIR=$dir/data
"$thidua" serve --bind "127.0.0.1:$port" > /dev/null 2> "$dir/log" &
service=$!
trap 'kill "$service" 2> /dev/null || true; wait "$service" 2> /dev/null || true; rm -rf "$dir"' EXIT
until "$thidua" health --bind "127.0.0.1:$port" 2> /dev/null; do sleep 0.2; done
api=http://127.0.0.1:$port/api/v1
sql() { "$bin/psql" -h "$dir/data/postgres" -U thidua -qAtX -v ON_ERROR_STOP=1 postgres "$@"; }

# A commune of sixty units, and two movements: one of 10,080 values, one of 100,080.
log_in() { # log_in NAME ROLE [more arguments]
    echo 'đúng ngựa pin ghim' | "$thidua" account create --username "$1" --role "$2" "${@:3}" > /dev/null
    curl -sf "$api/auth/login" -H 'Content-Type: application/json' \
        -d "{\"username\": \"$1\", \"password\": \"đúng ngựa pin ghim\"}" | jq -r .access_token
}
json=(curl -sf -o /dev/null -H 'Content-Type: application/json')
city=$(log_in thanh-pho city_admin)
"${json[@]}" -H "Authorization: Bearer $city" "$api/localities" \
    -d '{"code": "10210", "name": "Xã Hồng Vân", "kind": "xa", "valid_from": "2025-01-01"}'
admin=$(log_in quan-tri locality_admin --locality 10210)
for n in $(seq 1 60); do
    "${json[@]}" -X PUT -H "Authorization: Bearer $admin" -H 'If-None-Match: *' "$api/units/thon-$n" \
        -d "{\"name\": \"Thôn $n\", \"kind\": \"division\", \"valid_from\": \"2025-01-01\"}"
done
chair=$(log_in chu-tich chair --locality 10210)
agency=$(log_in thuong-truc standing_agency --locality 10210)
plan() { # plan CODE INDICATORS
    jq --arg code "$1" --argjson most "$2" '.indicators[1] as $ratio | .code = $code | .span = {from: "2025-01-01", to: "2025-12-31", section: "I"}
        | .indicators = [range(1; $most + 1) | . as $n | $ratio | .code = "CT-\(1000 + $n)" | .reported_by = ["division"]]
        | .groups = [] | .awards = [] | .fields = [] | .reporting.every = "month" | .reporting.extra_periods = []' \
        plans/example-calendar.json > "$dir/$1.json"
    "$thidua" plan load "$dir/$1.json" --locality 10210 > /dev/null
    "${json[@]}" -X POST -H "Authorization: Bearer $chair" -H 'If-Match: *' "$api/movements/$1/launch" -d '{}'
}
plan nho 14
plan lon 139
rows() { # rows FORMAT INDICATORS WORDS
    awk -v format="$1" -v most="$2" -v words="$3" 'BEGIN {
        explanation = sprintf("%*s", words, ""); gsub(/ /, "x", explanation)
        if (format == "csv") print "period,unit,indicator,state,numerator,denominator,explanation"
        line = format == "csv" ? "2025-%02d,thon-%d,CT-%d,reported,%d,%d,%s\n" : \
            "{\"period\":\"2025-%02d\",\"unit\":\"thon-%d\",\"indicator\":\"CT-%d\",\"state\":\"reported\",\"numerator\":%d,\"denominator\":%d,\"explanation\":\"%s\"}\n"
        for (month = 1; month <= 12; month++) for (unit = 1; unit <= 60; unit++) for (n = 1; n <= most; n++)
            if (count++ < 100000) printf line, month, unit, 1000 + n, n, 1000 + unit, explanation
    }'
}
rows ndjson 14 12 > "$dir/nho.ndjson"
rows csv 14 12 > "$dir/nho.csv"
because='on_behalf_reason=Gi%E1%BA%A5y&on_behalf_source=Gi%E1%BA%A5y'
send() { # send MOVEMENT FILE MEDIA QUERY: seconds, and what came of it
    curl -s -o "$dir/answer" -w '%{time_total}' -H "Authorization: Bearer $agency" -H "Content-Type: $3" -H 'Expect:' \
        --data-binary "@$2" "$api/movements/$1/submissions/import?$because&$4"
}
fresh() {
    sql -c 'DELETE FROM revision_values; DELETE FROM submission_events; DELETE FROM submission_revisions; DELETE FROM submissions' \
        -c 'VACUUM ANALYZE revision_values' -c 'VACUUM ANALYZE submissions' -c CHECKPOINT
}
copy() { # copy TABLE: seconds of \copy of what stands in it into it
    sql -c "\\copy $1 TO '$dir/$1.copy'" -c "DELETE FROM $1" -c "VACUUM ANALYZE $1" -c CHECKPOINT
    sql -c '\timing on' -c "\\copy $1 FROM '$dir/$1.copy'" | awk '/^Time:/ { print $2 / 1000 }'
}
tell() { # tell WHAT SECONDS SECONDS_OF_COPY
    awk -v what="$1" -v s="$2" -v c="$3" 'BEGIN { printf "  %-24s %6.0f ms, %7.0f values/s, %.2f of \\copy\n", what, s * 1000, 10080 / s, c / s }'
}
for round in $(seq 1 "${ROUNDS:-5}"); do
    fresh; drafts=$(send nho "$dir/nho.ndjson" application/x-ndjson '')
    [ "$(jq .created "$dir/answer")" = 10080 ] || { cat "$dir/answer" "$dir/log" >&2; exit 1; }
    fresh; table=$(send nho "$dir/nho.csv" text/csv '')
    again=$(send nho "$dir/nho.csv" text/csv '')
    [ "$(jq .unchanged "$dir/answer")" = 10080 ]
    copied_drafts=$(copy submissions)
    fresh; handed_in=$(send nho "$dir/nho.ndjson" application/x-ndjson 'submit=true')
    [ "$(jq .submitted "$dir/answer")" = 720 ]
    copied=$(copy revision_values)
    echo "round $round: \\copy of 10,080 rows into revision_values $(awk -v c="$copied" 'BEGIN { printf "%.0f ms, %.0f rows/s", c * 1000, 10080 / c }'); of the 720 drafts of them into submissions $(awk -v c="$copied_drafts" 'BEGIN { printf "%.0f ms", c * 1000 }')"
    tell 'NDJSON, as drafts' "$drafts" "$copied"
    tell 'CSV, as drafts' "$table" "$copied"
    tell 'the same CSV again' "$again" "$copied"
    tell 'NDJSON, handed in' "$handed_in" "$copied"
done

if [ -n "${PEAK:-yes}" ]; then
    mib() { awk -v of="$1" '$1 == of ":" { printf "%d MiB", $2 / 1024 }' "/proc/$service/status"; }
    reset() { echo 5 > "/proc/$service/clear_refs"; }
    rows ndjson 139 197 > "$dir/lon.ndjson"
    rows csv 139 285 > "$dir/lon.csv"
    rows csv 139 284 > "$dir/lon-2.csv"
    ls -l "$dir"/lon* | awk '{ printf "%s %.1f MiB\n", $9, $5 / 1048576 }'
    fresh
    peak() { # peak WHAT FILE MEDIA
        reset; before=$(mib VmRSS)
        seconds=$(send lon "$2" "$3" '')
        echo "$1: $before before, peak $(mib VmHWM), $(mib VmRSS) after, $seconds s: $(jq -c '[.created, .updated, .unchanged, .rejected, .code]' "$dir/answer")"
    }
    peak '32 MiB of NDJSON' "$dir/lon.ndjson" application/x-ndjson
    fresh
    peak '32 MiB of CSV' "$dir/lon.csv" text/csv
    peak 'the same CSV again' "$dir/lon.csv" text/csv
    peak 'every explanation of it changed' "$dir/lon-2.csv" text/csv
    reset
    for n in 1 2 3 4; do
        curl -s -o "$dir/answer-$n" -H "Authorization: Bearer $agency" -H 'Content-Type: text/csv' -H 'Expect:' \
            --data-binary "@$dir/lon.csv" "$api/movements/lon/submissions/import?$because" &
    done
    wait $(jobs -p | grep -v "^$service$")
    echo "32 MiB of CSV, four times at once: peak $(mib VmHWM), $(mib VmRSS) after: $(cat "$dir"/answer-? | jq -c '[.created, .updated, .unchanged, .rejected, .code]' | tr '\n' ' ')"
    python3 - "$dir/bomb.xlsx" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/worksheets/sheet1.xml", "w") as sheet:
    for _ in range(300):
        sheet.write(b"<row>" + b" " * 1048571)
PYTHON
    peak 'a bomb of 300 MiB' "$dir/bomb.xlsx" application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
fi
