// SPDX-License-Identifier: Apache-2.0

extension SelfMetric {
    /// Values of `error.type` whose series exist from the start; rarer ones come when they happen.
    static let errorTypes = [
        "rejected", "timeout", "connect", "dns", "tls", "400", "401", "403", "404", "413", "429", "500", "502", "503",
        "504",
    ]
    /// Values of `error.type` of records that never got to the exporter.
    static let dropTypes = ["queue_full", "already_shutdown"]
    /// Values of `otel.span.parent.origin`.
    static let parentOrigins = ["none", "local", "remote"]
    /// Values of `otel.span.sampling_result`.
    static let samplingResults = ["DROP", "RECORD_ONLY", "RECORD_AND_SAMPLE"]

    static let spansStarted = SelfMetric(
        "otel.sdk.span.started",
        .counter,
        "{span}",
        "Spans that were created.",
        by: [
            Attribute(key: "otel.span.parent.origin", values: parentOrigins),
            Attribute(key: "otel.span.sampling_result", values: samplingResults),
        ]
    )
    static let logsCreated = SelfMetric(
        "otel.sdk.log.created",
        .counter,
        "{log_record}",
        "Log records that were created.",
        by: []
    )

    static func queueSize(_ item: SelfObservedItem) -> SelfMetric {
        SelfMetric(
            "otel.sdk.processor.\(item.word).queue.size",
            .upDownCounter,
            item.unit,
            "\(item.plural) that wait in the processor's queue.",
            by: item.processor
        )
    }

    static func queueCapacity(_ item: SelfObservedItem) -> SelfMetric {
        SelfMetric(
            "otel.sdk.processor.\(item.word).queue.capacity",
            .upDownCounter,
            item.unit,
            "\(item.plural) that the processor's queue can hold.",
            by: item.processor
        )
    }

    static func processed(_ item: SelfObservedItem) -> SelfMetric {
        SelfMetric(
            "otel.sdk.processor.\(item.word).processed",
            .counter,
            item.unit,
            "\(item.plural) that the processor handed to the exporter or, with error.type, dropped.",
            by: item.processor + [Attribute(key: "error.type", values: dropTypes)]
        )
    }

    static func inflight(_ item: SelfObservedItem) -> SelfMetric {
        SelfMetric(
            "otel.sdk.exporter.\(item.word).inflight",
            .upDownCounter,
            item.unit,
            "\(item.plural) that were handed to the exporter and are neither accepted nor given up.",
            by: item.exporter
        )
    }

    static func exported(_ item: SelfObservedItem) -> SelfMetric {
        SelfMetric(
            "otel.sdk.exporter.\(item.word).exported",
            .counter,
            item.unit,
            "\(item.plural) whose export ended: accepted or, with error.type, not.",
            by: item.exporter + [Attribute(key: "error.type", values: errorTypes)]
        )
    }

    static let operationDuration = SelfMetric(
        "otel.sdk.exporter.operation.duration",
        .histogram,
        "s",
        "Duration of an export, from its first attempt to its end, with the waits between attempts.",
        by: SelfObservedItem.component(SelfObservedItem.allCases.map(\.exporterType)) + SelfObservedItem.server + [
            Attribute(key: "error.type", values: errorTypes),
            Attribute(key: "http.response.status_code", values: nil),
        ]
    )
    static let collectionDuration = SelfMetric(
        "otel.sdk.metric_reader.collection.duration",
        .histogram,
        "s",
        "Duration of a collection of all metrics.",
        by: SelfObservedItem.component([SelfObservedItem.readerType])
    )

    /// All of them.
    public static let all: [SelfMetric] =
        [spansStarted, logsCreated]
        + SelfObservedItem.allCases.filter { $0.processorType != nil }
        .flatMap { [queueSize($0), queueCapacity($0), processed($0)] }
        + SelfObservedItem.allCases.flatMap { [inflight($0), exported($0)] } + [operationDuration, collectionDuration]
}
