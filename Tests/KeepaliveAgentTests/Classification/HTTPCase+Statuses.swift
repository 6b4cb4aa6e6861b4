// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

extension HTTPCase {
    /// What a status says where the answer says nothing.
    static let statuses: [HTTPCase] = [
        HTTPCase("401", row: "401", status: 401, is: .uncounted(.unauthorized, .unknown, .refreshCredential)),
        HTTPCase(
            "401 with words of a lost session",
            row: "401",
            status: 401,
            error(-32600, "Session not found"),
            is: .uncounted(.unauthorized, .unknown, .refreshCredential)
        ),
        HTTPCase(
            "a bare 404",
            row: "404, 410 without JSON-RPC",
            status: 404,
            as: "text/plain",
            "404 page not found",
            is: .recheck
        ),
        HTTPCase(
            "404 of an ingress",
            row: "404, 410 without JSON-RPC",
            status: 404,
            as: "text/html",
            "<html>session not found</html>",
            is: .recheck
        ),
        HTTPCase(
            "403",
            row: "403",
            status: 403,
            as: "text/plain",
            "no",
            is: .uncounted(.forbidden, .unknown, .pauseSession)
        ),
        HTTPCase("429", row: "429", status: 429, is: .uncounted(.rateLimited, .unknown, .pauseBackend)),
        HTTPCase(
            "429 for 7 s",
            row: "429",
            status: 429,
            headers: [("Retry-After", "7")],
            is: .uncounted(.rateLimited, .unknown, .pauseBackend).after(.seconds(7))
        ),
        HTTPCase(
            "429 until a date that is 20 s away",
            row: "429",
            status: 429,
            headers: [("Retry-After", dateIn20Seconds)],
            is: .uncounted(.rateLimited, .unknown, .pauseBackend).after(.seconds(20))
        ),
        HTTPCase("301", row: "3xx", status: 301, headers: [("Location", "http://192.0.2.1/")], is: .redirect),
        HTTPCase("307 with a result", row: "3xx", status: 307, result("{}"), is: .redirect),
        HTTPCase(
            "400",
            row: "another 4xx",
            status: 400,
            error(-32700, "Parse error", id: "null"),
            is: .counted(.http4xx)
        ),
        HTTPCase(
            "400 that says that a proxy strips the session id",
            row: "another 4xx",
            status: 400,
            error(-32000, "Bad Request: Missing session ID", id: "null"),
            is: .counted(.http4xx)
        ),
        HTTPCase("405", row: "another 4xx", status: 405, is: .counted(.http4xx)),
        HTTPCase(
            "initialize: 404",
            row: "another 4xx",
            call: .initialize,
            status: 404,
            as: "text/plain",
            "404 page not found",
            is: .counted(.http4xx)
        ),
        HTTPCase("500", row: "5xx but 503", status: 500, error(-32603, "Internal error"), is: .counted(.http5xx)),
        HTTPCase(
            "502 of a gateway",
            row: "5xx but 503",
            status: 502,
            as: "text/html",
            "<html>",
            is: .counted(.http5xx)
        ),
        HTTPCase(
            "503",
            row: "503",
            status: 503,
            as: "text/html",
            "<html>",
            is: .counted(.http5xx, .unknown, .pauseBackendIfTold)
        ),
        HTTPCase(
            "503 for 2 min",
            row: "503",
            status: 503,
            headers: [("Retry-After", "120")],
            is: .counted(.http5xx, .unknown, .pauseBackendIfTold).after(.seconds(120))
        ),
        HTTPCase(
            "initialize: too many sessions",
            row: "503",
            call: .initialize,
            status: 503,
            as: "text/plain",
            "Too many open sessions",
            is: .counted(.http5xx, .unknown, .pauseBackendIfTold)
        ),
        HTTPCase("a status that does not exist", row: "anything else", status: 600, is: .counted(.protocol)),
    ]

    /// 20 s after the start of a `ManualClock`, which is 1 800 000 000 s after 1970.
    static let dateIn20Seconds = "Fri, 15 Jan 2027 08:00:20 GMT"
}
