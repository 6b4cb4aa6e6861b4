// SPDX-License-Identifier: Apache-2.0

/// One series of an instrument: what is recorded with one set of attributes.
public protocol MetricSeries: AnyObject, Sendable {
    /// What distinguishes the series from the instrument's others.
    var attributes: AttributeSet { get }
}
