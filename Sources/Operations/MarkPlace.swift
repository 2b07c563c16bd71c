internal import Domain
internal import Feedback

/// Where a mark stands, as its event may say it.
///
/// The parts of an explanation are often pieces of the record: tokens, predicates with their values. Where inputs are not
/// to be kept, such a part's number in the explanation stands for it, which the explanation's hash pins: `#2` is the
/// second. A part that is called as a field of the model keeps its name.
struct MarkPlace {
  var current: Case
  /// The explanations that were before the analyst's eyes.
  var shown: [Explanation]
  var fields: [RawText]
  var retention: SeenRecord.Retention

  /// The parts of the case's explanations, by explainer; of one that explained twice, those of the first.
  var parts: [ModelID: ExplanationParts] {
    Dictionary(current.explanations.map { ($0.explainer, $0.parts) }) { first, _ in first }
  }

  /// What the event of a mark says.
  func body(of mark: Mark) -> MarkBody {
    let explanation =
      current.explanations.first { $0.explainer == mark.explainer } ?? shown.first { $0.names(mark.target) }
      ?? shown.first
    return MarkBody(
      MarkPlace.kept(mark, on: explanation, fields: fields, keeping: retention),
      explainer: mark.explainer ?? explanation?.explainer ?? ModelID(""), method: explanation?.method ?? "",
      label: mark.label ?? current.prediction.label)
  }

  /// A mark as one that stands may be called: by its part, or as it would be kept here. One that names no explainer may
  /// have been saved without.
  func known(_ mark: Mark) -> [Mark] {
    let body = body(of: mark)
    let explainers = mark.explainer.map { [$0] } ?? [body.explainer, ModelID("")]
    return explainers.flatMap { explainer in
      var (named, kept) = (mark, body.mark)
      (named.explainer, kept.explainer) = (explainer, explainer)
      kept.label = mark.label
      return [named, kept]
    }
  }

  /// A mark as it goes into its event.
  static func kept(
    _ mark: Mark, on explanation: Explanation?, fields: [RawText], keeping retention: SeenRecord.Retention
  ) -> Mark {
    guard retention != .full, let part = mark.part, !fields.contains(part.name) else { return mark }
    var mark = mark
    mark.occurrence = nil
    if let index = explanation?.parts.index(of: part) {
      mark.target = RawText("#\(index + 1)")
    } else if !isWithheld(part.name) {
      mark.target = RawText("sha256 \(Hash.of(part.name.bytes).hex)")
    }
    return mark
  }

  /// Whether a name is what stands for one that is not told: a mark of before whose explanation is not here keeps it.
  private static func isWithheld(_ name: RawText) -> Bool {
    let words = name.string.split(separator: " ", omittingEmptySubsequences: false)
    return ExplanationParts.number(name) != nil
      || words.count == 2 && words[0] == "sha256" && Hash(hex: String(words[1])) != nil
  }

  /// A mark as the analyst set it.
  static func shown(_ body: MarkBody, among explanations: [Explanation]) -> Mark {
    let explanation = explanations.first { $0.explainer == body.explainer }
    var mark = body.named(by: explanation?.parts).mark
    if !body.explainer.name.isEmpty { mark.explainer = body.explainer }
    if mark.target != nil, let explanation, explanation.classCount > 1 { mark.label = body.label }
    return mark
  }
}

extension Explanation {
  /// How many classes it has shares of.
  var classCount: Int {
    if case .attributions(let attributions) = content { attributions.classes.count } else { 0 }
  }

  /// Whether a mark on this part can be about the explanation; nil is the whole of it.
  func names(_ target: RawText?) -> Bool { target.map(parts.names.contains) ?? true }
}
