// SPDX-License-Identifier: Apache-2.0

/// Waits until a condition holds that nobody announces. It looks again and again, with pauses, because a loop without any
/// would take the processor from tests that run side by side and measure time.
func poll(until condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(2)) }
}
