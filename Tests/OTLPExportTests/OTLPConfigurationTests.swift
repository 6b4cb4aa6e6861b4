// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import OTLPExport

@Suite struct OTLPConfigurationTests {
    @Test(arguments: [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"),
        ("https://otlp.example.org/base", "https://otlp.example.org/base/v1/traces"),
        ("https://otlp.example.org/base/?tenant=1", "https://otlp.example.org/base/v1/traces?tenant=1"),
    ]) func `appends the path of the signal to a base URL`(base: String, expected: String) {
        #expect(OTLPConfiguration.url(base, .traces) == expected)
        #expect(OTLPConfiguration(endpoint: base).traces?.url == expected)
    }

    @Test func `changes the destinations that there are`() {
        var configuration = OTLPConfiguration()
        configuration.logs = nil
        configuration.updateDestinations { $0.compression = .none }
        #expect(configuration.traces?.compression == OTLPConfiguration.Compression.none)
        #expect(configuration.metrics?.url == "http://127.0.0.1:4318/v1/metrics")
        #expect(configuration[.logs] == nil)
    }

    @Test(arguments: [
        ("http://user:secret@host:4318/v1/logs?key=secret", "http://host:4318/v1/logs"),
        ("http://host/a@b", "http://host/a@b"), ("host:4318", "host:4318"),
    ]) func `shows a URL without credentials`(url: String, expected: String) {
        #expect(OTLPExporter.displayName(of: url) == expected)
    }

    @Test func `never shows the value of a header`() {
        #expect("\(OTLPConfiguration.Header("authorization", "Bearer x"))" == "authorization: ••••")
    }

    @Test(arguments: ["", "ftp://host/v1/traces", "http://"]) func `refuses a URL that is none`(url: String) {
        var configuration = OTLPConfiguration()
        configuration.traces = .init(url: url)
        #expect(throws: ExportConfigurationError.self) {
            try ExportPipeline(configuration, metrics: { _ in [] })
        }
    }

    @Test func `refuses a header that would write further headers, without showing it`() {
        var configuration = OTLPConfiguration()
        configuration.updateDestinations { $0.headers = [.init("authorization", "secret\r\nx: y")] }
        #expect {
            try ExportPipeline(configuration, metrics: { _ in [] })
        } throws: { error in
            let text = "\(error)"
            return text.contains("authorization") && !text.contains("secret")
        }
    }
}
