internal import Domain
internal import SafeText

extension ReviewScreen.State {
  /// The features that count most for the model's answer, the largest first: what the case's line shows.
  var telling: [(part: Explanation.Part, share: Double)] {
    guard let current = selected?.content.case,
      case .attributions(let attributions) = current.tellingExplanation?.content
    else { return [] }
    let index = min(current.prediction.chosenIndex ?? 0, max(0, attributions.classes.count - 1))
    let parts = ExplanationParts(attributions.features.map(\.name)).all
    return attributions.ranked(class: index).prefix(4).map { feature in
      (parts[feature], attributions.classes[index].shares[feature])
    }
  }

  /// The cases whose answers the screen shows: the rows of the list, and the one on the table.
  var onScreen: [ShortHash] {
    let listed = rows.visible.compactMap { rows.item(inRow: $0) }.filter(items.indices.contains).map { items[$0].id }
    return selected.map { listed + [$0.id] } ?? listed
  }

  /// The case under the cursor.
  var underCursor: ShortHash? {
    rows.selected.flatMap { items.indices.contains($0) ? items[$0].id : nil }
  }

  /// The row of a case; nil where the queue has it not.
  func row(of id: ShortHash?) -> Int? { items.firstIndex { $0.id == id }.flatMap(rows.row) }

  /// What a mark can go on: the features that the case's line shows, or the predicates of the rule where there are none.
  var markable: [Explanation.Part] {
    let telling = telling
    return telling.isEmpty ? selected?.content.case.rule?.parts.all ?? [] : telling.map(\.part)
  }

  /// The explanation that a mark is said of.
  var markedExplanation: Explanation? {
    selected?.content.case.tellingExplanation ?? selected?.content.case.rule
  }

  /// What a mark goes on.
  var markTarget: Explanation.Part? { markable.indices.contains(feature) ? markable[feature] : nil }

  /// The class whose shares the line shows, where several are explained.
  var markLabel: RawText? {
    guard let current = selected?.content.case,
      case .attributions(let attributions) = current.tellingExplanation?.content, attributions.classes.count > 1
    else { return nil }
    return attributions.classes[min(current.prediction.chosenIndex ?? 0, attributions.classes.count - 1)].label
  }

  /// The mark on a feature of the line, or on a predicate of the rule.
  func mark(on part: Explanation.Part, ofRule isOfRule: Bool = false) -> MarkKind? {
    let current = selected?.content.case
    let explainer = (isOfRule ? current?.rule : current?.tellingExplanation)?.explainer
    let label = isOfRule ? nil : markLabel
    return editor?.mark(on: part, of: explainer, class: label)
  }

  /// Why there is nothing in the queue.
  var emptyQueue: SafeText {
    order.isBlind && order.taken == nil
      ? "Nothing waits here blind: no case whose answer you have not seen."
      : "Nothing waits in this queue: no case, or each has your judgement."
  }

  /// Why a command can do nothing just now, in words; nil where it can.
  func obstacle(to command: Command) -> Obstacle? {
    switch command {
    case _ where selected == nil && (command.judges || [.open, .reveal, .toggleMarked].contains(command)):
      Obstacle("no case is here", hint: Hint(.composeQueue, "composes a queue"))
    case .open where selected.map(isHidden) == true:
      Obstacle("the case is hidden until you have answered", hint: giveAnswer)
    case .nextCase where selected != nil && rows.selection == rows.count - 1: "this is the last case of the queue"
    case .previousCase where selected != nil && rows.selection == 0: "this is the first case of the queue"
    case .moveLeft where isBlindNow || feature == 0, .moveRight where isBlindNow || feature + 1 >= markable.count:
      isBlindNow || markable.isEmpty
        ? obstacle(to: .markAgrees)
        : telling.isEmpty ? "there is no other predicate in the rule" : "there is no other feature on this line"
    case .agree where isBlindNow: Obstacle("the answer is hidden", hint: giveAnswer)
    case .reveal where selected != nil && !isBlindNow: "the model's answer is on screen already"
    case .save where isBlindNow && editor?.canAnswerBlind != true:
      Obstacle("nothing to save yet", hint: giveAnswer)
    case .save where editor != nil && editor?.canSave != true: .nothingToSave(of: editor)
    case .takeOff where editor?.canTakeOff == false: .nothingToTakeOff
    case .blind where order.isBlind && order.taken != nil: "the researchers want this queue answered blind"
    case .applyToMarked where marked.isEmpty:
      Obstacle("no case is marked", hint: Hint(.toggleMarked, "marks the one under the cursor"))
    case .applyToMarked where editor?.draft.judgement.verdict == nil:
      Obstacle("there is no verdict to give them", hint: Hint([.agree, .disagree, .unsure], "give one"))
    case .applyToMarked where ReviewScreen.applyToMarked(self, 0).isEmpty:
      "no marked case can have it: hidden, or its model has no such label"
    case _ where command.isMark && isBlindNow: "the explanation is hidden until you have answered"
    case _ where command.isMark && markTarget == nil: "there is no explanation to mark"
    case _: nil
    }
  }
}

extension ReviewScreen.State {
  /// What stands already on a case that was marked just now, and would be said anew: a mark shows no verdict.
  func marksOver(_ before: Set<ShortHash>) -> String? {
    guard let item = items.first(where: { marked.contains($0.id) && !before.contains($0.id) }), isJudged(item),
      let own = item.content.own
    else { return nil }
    return "marked, and judged before: \(own.judgement.summary.text) stands until another is saved"
  }
}

extension ReviewScreen.State {
  /// How an answer is given where the model's is hidden.
  fileprivate var giveAnswer: Hint {
    Hint(.disagree, editor?.isOfNumber == true ? "and a number give your answer" : "and a digit give your label")
  }
}

extension JudgementEditor {
  /// Whether the draft is an answer for somebody who has not seen the model's: a label, or that there is none.
  var canAnswerBlind: Bool {
    switch draft.judgement.verdict {
    case .unsure, .skip: true
    case .agree, .disagree: draft.judgement.right != nil || (labels.isEmpty && !isOfNumber)
    case nil: false
    }
  }
}

extension Command {
  /// Whether it only moves the cursor of a list.
  var isMove: Bool {
    switch self {
    case .moveDown, .moveUp, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .top, .bottom, .nextCase, .previousCase:
      true
    default: false
    }
  }

  /// Whether the command marks a part of an explanation.
  var isMark: Bool {
    switch self {
    case .markSpurious, .markMissing, .markWrongSign, .markAgrees: true
    default: false
    }
  }
}

extension Case {
  /// The explanation that the queue's line of a case is about: the first with shares.
  var tellingExplanation: Explanation? {
    explanations.first { explanation in
      if case .attributions = explanation.content { true } else { false }
    }
  }

  /// The first rule that needs something.
  var rule: Explanation? {
    explanations.first { explanation in
      if case .anchor(let anchor) = explanation.content { !anchor.parts.isEmpty } else { false }
    }
  }

  /// The first anchor: what stands under the shares.
  var anchorIndex: Int? {
    explanations.firstIndex { explanation in
      if case .anchor = explanation.content { true } else { false }
    }
  }
}
