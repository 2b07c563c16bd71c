/// The names of one call, made by the caller, by which its trace and its log are found.
public struct InferenceCall: Hashable, Sendable {
  /// Sent as `x-request-id`, for example a UUID. Chunks of a batch after the first add `-2`, `-3`, ….
  public var requestID: String
  /// 32 lower-case hexadecimal digits; empty sends no `traceparent`.
  public var traceID: String
  /// 16 lower-case hexadecimal digits: the span that is ours.
  public var spanID: String
  /// Whether an experiment is to answer by the candidate that answered this client before; a batch is spread instead.
  public var keepsRoute: Bool

  public init(requestID: String, traceID: String = "", spanID: String = "", keepsRoute: Bool = true) {
    self.requestID = requestID
    self.traceID = traceID
    self.spanID = spanID
    self.keepsRoute = keepsRoute
  }

  /// The W3C trace context, sampled, so that the trace is kept whatever the ratio; nil without the ids for one.
  public var traceparent: String? {
    traceID.utf8.count == 32 && spanID.utf8.count == 16 ? "00-\(traceID)-\(spanID)-01" : nil
  }

  /// The call of chunk `index` of a batch, counted from 0.
  func chunk(_ index: Int) -> InferenceCall {
    var call = self
    if index > 0 { call.requestID += "-\(index + 1)" }
    return call
  }
}
