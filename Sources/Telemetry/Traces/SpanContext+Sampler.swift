// SPDX-License-Identifier: Apache-2.0

extension SpanContext {
    /// The context of a new trace with what the sampler decides about it. The id of a trace that is not sampled is random
    /// all the same, and says so.
    public static func root(using generator: inout some RandomNumberGenerator, sampler: Sampler) -> SpanContext {
        var context = root(using: &generator)
        if !sampler.samples(context.traceID) { context.flags.remove(.sampled) }
        return context
    }
}
