// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import LogText

extension Catalog {
    /// Every event, in the order of `EventName`.
    package static let events: [EventDefinition] = [
        EventDefinition(
            .backendAutoDisabled,
            .warning,
            "A backend was disabled after failures in a row.",
            by: [failureReason, open("failures"), open("probe_in")]
        ),
        EventDefinition(
            .backendOperatorDisabled,
            .info,
            "Somebody disabled a backend by hand.",
            by: [open("for")],
            optional: ["for"]
        ),
        EventDefinition(
            .backendReenabled,
            .info,
            "Its keepalive is on again: a probe showed that it works, or somebody enabled it.",
            by: [reenableReason, open("disabled_for")]
        ),
        EventDefinition(
            .backendNotApplicable,
            .info,
            "Keepalive makes no sense on a backend.",
            by: [AttributeDefinition(key: "reason", values: NotApplicableReason.allCases.map(\.rawValue))]
        ),
        EventDefinition(.backendApplicable, .info, "Now it does."),
        EventDefinition(
            .backendPaused,
            .info,
            "A backend asked to be left alone: 429, or 503 with Retry-After.",
            by: [failureReason, open("resume_in")]
        ),
        EventDefinition(
            .backendTTLAdvertised,
            .info,
            "An advertised idle TTL changed the interval.",
            by: [open("ttl"), open("interval")]
        ),
        EventDefinition(.probeFailed, .info, "A probe of a disabled backend failed.", by: [open("probe_in")]),
        EventDefinition(
            .fallbackSelected,
            .info,
            "The tool is called instead of ping from now on.",
            by: [failureReason, open("tool")]
        ),
        EventDefinition(.pingSelected, .info, "Ping works again and is used from now on."),
        EventDefinition(
            .sessionOpened,
            .info,
            "A session is kept alive from now on.",
            by: [AttributeDefinition(key: "origin", values: SessionOrigin.allCases.map(\.rawValue)), open("interval")]
        ),
        EventDefinition(
            .sessionOpeningFailed,
            .warning,
            "A session could not be opened; told when the reason changes.",
            by: [failureReason, open("retry_in")],
            optional: ["retry_in"]
        ),
        EventDefinition(
            .sessionLost,
            .warning,
            "The backend no longer knows a session.",
            by: [
                lossReason, open("idle_gap"),
                AttributeDefinition(key: "last_keepalive", values: ["success", "failure", "none"]),
            ]
        ),
        EventDefinition(
            .sessionPaused,
            .warning,
            "The credential of a session was refused.",
            by: [failureReason, open("retry_in")]
        ),
        EventDefinition(.sessionResumed, .info, "A paused session goes on."),
        EventDefinition(.sessionReleased, .info, "A session is no longer wanted.", by: [releaseReason]),
        EventDefinition(
            .eventsSuppressed,
            .info,
            "An event of sessions happened more than 50 times within 10 s; how often it was not told.",
            by: [
                AttributeDefinition(
                    key: "event",
                    values: [.sessionOpened, .sessionLost, .sessionPaused, .sessionResumed, .sessionReleased]
                        .map(\EventName.rawValue)
                ),
                open("count"),
            ]
        ),
    ]

    private static func open(_ key: String) -> AttributeDefinition { AttributeDefinition(key: key, values: nil) }
}
