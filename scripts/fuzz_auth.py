"""Logs in for schemathesis, again every ten minutes: an access token ends after fifteen.

    fuzz_auth.py METHOD PATH BODY  makes one request with the same sign-in
"""
import json
import os
import sys
import urllib.request


def call(method, path, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    url = os.environ["THIDUA_URL"] + "/api/v1" + path
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method.upper())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def log_in():
    names = {"username": os.environ["THIDUA_USERNAME"], "password": os.environ["THIDUA_PASSWORD"]}
    return call("post", "/auth/login", names)["access_token"]


if __name__ == "__main__":
    call(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), log_in())
else:
    import datetime

    import schemathesis
    from hypothesis import strategies

    # Of the years that the document's patterns permit.
    days = strategies.dates(datetime.date(1900, 1, 2), datetime.date(2199, 12, 30))
    schemathesis.openapi.format("date", days.map(str))

    @schemathesis.hook
    def filter_case(context, case):
        """No text holds Unicode's tags, and no pattern names them: JavaScript reads it without Unicode's flag."""
        sent = json.dumps(case.body, ensure_ascii=False, default=str)
        return not any(0xE0000 <= ord(letter) <= 0xE0FFF for letter in sent)

    @schemathesis.auth(refresh_interval=600)
    class SignIn:
        def get(self, case, context):
            return log_in()

        def set(self, case, data, context):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
