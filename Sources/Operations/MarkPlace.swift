internal import Domain
internal import Feedback

/// Where a mark stands, as its event may say it.
///
/// The parts of an explanation are often pieces of the record: tokens, predicates with their values. Where inputs are not
/// to be kept, such a part's number in the explanation stands for it, which the explanation's hash pins: `#2` is the
/// second. A part that is called as a field of the model keeps its name.
enum MarkPlace {
  /// A mark as it goes into its event.
  static func kept(
    _ mark: Mark, on explanation: Explanation?, fields: [RawText], keeping retention: SeenRecord.Retention
  ) -> Mark {
    guard retention != .full, let target = mark.target, !fields.contains(target) else { return mark }
    var mark = mark
    if let index = explanation?.parts.firstIndex(of: target) {
      mark.target = RawText("#\(index + 1)")
    } else {
      mark.target = RawText("sha256 \(Hash.of(target.bytes).hex)")
    }
    return mark
  }

  /// A mark as the analyst set it.
  static func shown(_ body: MarkBody, among explanations: [Explanation]) -> Mark {
    var mark = body.mark
    if !body.explainer.name.isEmpty { mark.explainer = body.explainer }
    guard let explanation = explanations.first(where: { $0.explainer == body.explainer }), let target = mark.target
    else { return mark }
    if explanation.classCount > 1 { mark.label = body.label }
    guard let number = Int(target.string.dropFirst()), target.string.hasPrefix("#"),
      !explanation.parts.contains(target), explanation.parts.indices.contains(number - 1)
    else { return mark }
    mark.target = explanation.parts[number - 1]
    return mark
  }
}

extension Explanation {
  /// What of it a mark can be on, in its order.
  var parts: [RawText] {
    switch content {
    case .attributions(let attributions): attributions.features.map(\.name)
    case .anchor(let anchor): anchor.predicates
    case .other: []
    }
  }

  /// How many classes it has shares of.
  var classCount: Int {
    if case .attributions(let attributions) = content { attributions.classes.count } else { 0 }
  }

  /// Whether a mark on this part can be about the explanation; nil is the whole of it.
  func names(_ target: RawText?) -> Bool { target.map(parts.contains) ?? true }
}
