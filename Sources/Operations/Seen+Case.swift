internal import Domain
internal import Feedback

extension Seen {
  /// What of a case was before somebody's eyes: an explanation where `isShown` says so of its index, the signals only
  /// where the answer was not hidden. Where inputs are not to be kept, an explanation stands as its hash as well: its
  /// features carry values, and those of a text are the text.
  init(
    _ found: Case, signature: Signature?, service: RawText, assistance: Assistance, window: Window? = nil,
    queue: SeenQueue? = nil, guideline: RawText = "", keeping retention: SeenRecord.Retention = .full,
    isShown: (Int) -> Bool = { _ in true }
  ) throws(EventBodyError) {
    var explanations: [SeenExplanation] = []
    for (index, explanation) in found.explanations.enumerated() {
      explanations.append(
        try SeenExplanation(
          explanation, class: found.prediction.chosenIndex, isShown: isShown(index),
          count: retention == .full ? SeenExplanation.mostFeatures : 0))
    }
    let isHidden = assistance == .blind
    // A service that lists no versions may name the one that answered.
    let model = ModelID(found.model.name, version: found.model.version ?? found.prediction.model.version)
    self.init(
      record: try SeenRecord(found.record, keeping: retention),
      fields: signature.map { SeenField.fields(of: $0, in: found.record) } ?? [], recordID: found.recordID,
      sourceID: found.sourceID, recordAt: found.at, service: service, model: model,
      route: found.prediction.route, requestID: found.prediction.requestID, traceID: found.prediction.traceID,
      output: SeenOutput(found.prediction), explanations: explanations,
      drift: isHidden ? nil : window.flatMap { SeenDrift($0) }, outlier: isHidden ? nil : found.outlier,
      guideline: guideline, queue: queue,
      assistance: assistance)
  }
}
