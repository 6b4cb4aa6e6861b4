// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The concurrent parts only, for the thread sanitizer: no target that pulls in SwiftNIO. `scripts/test` sets it.
let coreOnly = Context.environment["MCP_KEEPALIVE_CORE_ONLY"] == "1"

let package = Package(
    name: "mcp-keepalive",
    products: [
        .library(name: "OTLPExport", targets: ["Telemetry", "OTLPExport"]),
        .library(name: "TelemetryBridges", targets: ["TelemetryBridges"]),
    ],
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "HTTPValues"),
        .target(name: "JSONText"),
        .target(name: "Locking"),
        .target(name: "LogText", dependencies: ["JSONText"]),
        .target(name: "KeepaliveEngine"),
        .target(name: "MCPWire", dependencies: ["HTTPValues", "JSONText", "KeepaliveEngine"]),
        .target(name: "Transfer", dependencies: ["CCurl", "Locking"]),
        .target(name: "Telemetry", dependencies: ["JSONText", "Locking"]),
        .target(
            name: "OTLPExport",
            dependencies: ["CZlib", "HTTPValues", "JSONText", "Locking", "Telemetry", "Transfer"]
        ),
        .target(
            name: "TelemetryBridges",
            dependencies: [
                "Locking", "LogText", "OTLPExport", "Telemetry",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .executableTarget(
            name: "ExportExample",
            dependencies: [
                "OTLPExport", "Telemetry", "TelemetryBridges",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "examples/ExportExample"
        ),
        .target(
            name: "AgentConfiguration",
            dependencies: ["JSONText", "KeepaliveEngine", .product(name: "Yams", package: "Yams")]
        ),
        .target(
            name: "KeepaliveAgent",
            dependencies: [
                "AgentConfiguration", "ControlAPI", "HTTPValues", "JSONText", "KeepaliveEngine", "Locking", "LogText",
                "MCPWire", "OTLPExport", "Telemetry", "Transfer",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(name: "ControlAPI"),
        .target(name: "OperatorConsole", dependencies: ["ControlAPI", "JSONText", "Locking", "MCPWire", "Transfer"]),
        .target(name: "KeepaliveTesting", dependencies: ["KeepaliveEngine", "Locking", "MCPWire", "JSONText"]),
        .testTarget(name: "HTTPValuesTests", dependencies: ["HTTPValues"]),
        .testTarget(name: "ControlAPITests", dependencies: ["ControlAPI"]),
        .testTarget(
            name: "OperatorConsoleTests",
            dependencies: ["OperatorConsole", "ControlAPI", "KeepaliveTesting"]
        ),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText"]),
        .testTarget(name: "KeepaliveEngineTests", dependencies: ["KeepaliveEngine", "KeepaliveTesting"]),
        .testTarget(name: "LogTextTests", dependencies: ["LogText", "JSONText"]),
        .testTarget(name: "MCPWireTests", dependencies: ["MCPWire", "JSONText", "KeepaliveEngine"]),
        .testTarget(name: "TransferTests", dependencies: ["Transfer", "KeepaliveTesting"]),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", "JSONText"]),
        .testTarget(
            name: "OTLPExportTests",
            dependencies: ["OTLPExport", "Telemetry", "Transfer", "JSONText", "CZlib", "KeepaliveTesting"]
        ),
        .testTarget(
            name: "TelemetryBridgesTests",
            dependencies: [
                "TelemetryBridges", "KeepaliveTesting", "Locking", "OTLPExport", "Telemetry",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "AgentConfigurationTests",
            dependencies: ["AgentConfiguration", "JSONText", "KeepaliveEngine"]
        ),
        .testTarget(
            name: "KeepaliveAgentTests",
            dependencies: [
                "KeepaliveAgent", "AgentConfiguration", "ControlAPI", "KeepaliveEngine", "KeepaliveTesting", "LogText",
                "MCPWire", "Telemetry", "Transfer", "OTLPExport", "JSONText",
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

if coreOnly {
    // Built with optimization by `scripts/bench`, and with the sanitizer, so that it keeps compiling.
    package.targets += [
        .executableTarget(
            name: "AgentBenchmark",
            dependencies: [
                "AgentConfiguration", "KeepaliveAgent", "KeepaliveEngine", "Locking", "LogText", "MCPWire",
                "OTLPExport",
                "Telemetry", "Transfer",
            ],
            path: "Benchmarks/AgentBenchmark"
        ),
        .executableTarget(
            name: "TelemetryBenchmark",
            dependencies: ["JSONText", "OTLPExport", "Telemetry"],
            path: "Benchmarks/TelemetryBenchmark"
        ),
    ]
}

if !coreOnly {
    package.products += [.executable(name: "mcp-keepalive", targets: ["MCPKeepalive"])]
    package.dependencies += [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ]
    package.targets += [
        .target(
            name: "ScriptedBackend",
            dependencies: [
                "JSONText",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        .target(
            name: "StateStore",
            dependencies: ["KeepaliveAgent", "Locking", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(
            name: "LocalAPI",
            dependencies: [
                "ControlAPI", "HTTPValues", "Locking",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "MCPKeepalive",
            dependencies: [
                "AgentConfiguration", "ControlAPI", "KeepaliveAgent", "KeepaliveEngine", "Locking", "LogText",
                "MCPWire",
                "LocalAPI", "OTLPExport", "OperatorConsole", "ScriptedBackend", "StateStore", "Telemetry", "Transfer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "StateStoreTests",
            dependencies: [
                "StateStore", "KeepaliveAgent", "KeepaliveTesting", .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        .testTarget(
            name: "LocalAPITests",
            dependencies: [
                "LocalAPI", "ControlAPI", "KeepaliveTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .testTarget(
            name: "ScriptedBackendTests",
            dependencies: [
                "ScriptedBackend", "JSONText",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
    ]
}
