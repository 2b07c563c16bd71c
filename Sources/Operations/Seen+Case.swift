internal import Domain
internal import Feedback

extension Seen {
  /// What of a case was before somebody's eyes: an explanation where `isShown` says so of its index, the signals only
  /// where the answer was not hidden.
  init(
    _ found: Case, signature: Signature?, service: RawText, assistance: Assistance, window: Window? = nil,
    queue: SeenQueue? = nil, isShown: (Int) -> Bool = { _ in true }
  ) throws(EventBodyError) {
    var explanations: [SeenExplanation] = []
    for (index, explanation) in found.explanations.enumerated() {
      explanations.append(
        try SeenExplanation(explanation, class: found.prediction.chosenIndex, isShown: isShown(index)))
    }
    let isHidden = assistance == .blind
    self.init(
      record: try SeenRecord(found.record),
      fields: signature.map { SeenField.fields(of: $0, in: found.record) } ?? [], recordID: found.recordID,
      sourceID: found.sourceID, recordAt: found.at, service: service, model: found.model,
      route: found.prediction.route, requestID: found.prediction.requestID, traceID: found.prediction.traceID,
      output: SeenOutput(found.prediction), explanations: explanations,
      drift: isHidden ? nil : window.flatMap { SeenDrift($0) }, outlier: isHidden ? nil : found.outlier, queue: queue,
      assistance: assistance)
  }
}
