public import Domain
internal import Feedback
public import Frames

/// Judgements of this ledger at about one confidence: how many held the model right, with Wilson's interval.
public struct TrackRecord: Equatable, Sendable {
  public var lower: Double
  public var upper: Double
  public var right: Int
  public var judged: Int
  /// 95 %, 0 to 1.
  public var interval: ClosedRange<Double>

  public init(lower: Double, upper: Double, right: Int, judged: Int, interval: ClosedRange<Double>) {
    self.lower = lower
    self.upper = upper
    self.right = right
    self.judged = judged
    self.interval = interval
  }
}

/// One record, its answer, why, its signals, what people said, and the analyst's own call.
public enum CaseScreen {
  /// The explanations on their way.
  public enum Explaining: Equatable, Sendable {
    case idle, running
    case failed(Problem)
  }

  /// What stands under the explanation.
  public enum LowerPanel: Equatable, Sendable, CaseIterable {
    case classes, flips, whatIf
  }

  public struct State: Equatable, Sendable {
    public var id: ShortHash
    public var content = Loadable<CaseContent>.idle
    public var explaining = Explaining.idle
    public var editor: JudgementEditor?
    public var explanation = 0
    /// The class whose shares are shown; the chosen one to begin with.
    public var classIndex = 0
    public var rows = Rows()
    /// The cases of the list that this one was opened from.
    public var siblings: [ShortHash]
    /// How each of them came into the review queue that it was opened from; empty for any other list.
    public var stamps: [ShortHash: QueueStamp]
    public var size = ScreenSize()
    /// A value being changed for a question to the model.
    public var whatIf: WhatIf?
    /// What is asked while the analyst decides between judges.
    public var deciding: Deciding?
    /// Why, of a decision that was begun and is not saved.
    var begunWhy = ""
    /// The question that is being asked.
    public var asking: ProbeOrder?
    /// What was asked last and got no answer.
    var unanswered: ProbeOrder?
    /// Changes of one feature that flip the label.
    public var flips = Loadable<Flips>.idle
    /// The panel under the explanation, where there is room for one only.
    public var lower = LowerPanel.classes
    /// Whether it was judged in the queue since it was read.
    var isJudgedElsewhere = false
    var asked = 0

    public init(id: ShortHash, siblings: [ShortHash] = [], stamps: [ShortHash: QueueStamp] = [:]) {
      self.id = id
      self.siblings = siblings
      self.stamps = stamps
    }

    public var `case`: Case? { content.value?.case }

    /// Whether keys are text or an answer, not commands.
    var isAsking: Bool { whatIf != nil || deciding != nil || editor?.isAsking ?? false }

    var position: Int { (siblings.firstIndex(of: id) ?? 0) + 1 }

    var shownExplanation: Explanation? {
      guard let explanations = self.case?.explanations, explanations.indices.contains(explanation) else { return nil }
      return explanations[explanation]
    }

    /// The attributions on screen.
    var attributions: Attributions? {
      if case .attributions(let attributions) = shownExplanation?.content { attributions } else { nil }
    }

    /// What the analyst looks at, for the times that go with the judgement.
    var pane: RawText {
      if whatIf != nil { return "what-if" }
      return shownExplanation?.method ?? "answer"
    }

    /// The explanations that were before the analyst's eyes, the one in focus first: those that were turned to, and the
    /// anchor where it has a panel of its own.
    func seenExplanations(_ timing: JudgementBody.Timing) -> [Int] {
      guard let current = self.case else { return [] }
      let looked = Set(timing.views.map(\.pane))
      let hasAnchor = CaseLayout(self).panels.contains { $0.panel == .anchor }
      let others = current.explanations.indices.filter { index in
        index != explanation
          && (looked.contains(current.explanations[index].method) || (hasAnchor && index == current.anchorIndex))
      }
      return current.explanations.indices.contains(explanation) ? [explanation] + others : others
    }

    /// What a mark goes on: the selected part of the explanation.
    var target: Explanation.Part? { rows.selected.flatMap { shownExplanation?.parts.part(at: $0) } }

    /// The class whose shares are on screen, where several are explained.
    var markLabel: RawText? {
      guard let attributions, attributions.classes.count > 1, attributions.classes.indices.contains(classIndex) else {
        return nil
      }
      return attributions.classes[classIndex].label
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    case arrived(CaseContent, at: Timestamp, milliseconds: Int)
    case failed(Problem)
    /// What the model's fields are called is known, or known otherwise.
    case described(Model)
    case explained(Case)
    case explainingFailed(Problem)
    case committed(Commit, sequence: Int)
    case refreshed(CaseContent)
    /// What is known of the case is newer; the judgement in the making goes on.
    case learned(CaseContent)
    case typed(Key, milliseconds: Int)
    case pasted(String)
    case probed(Probe, ProbeOrder)
    case probeFailed(Problem, ProbeOrder)
    case flipsFound(ShortHash, Flips)
    case flipsFailed(ShortHash, Problem)
    /// The screen was left: what is still being asked is of no use.
    case left
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?, milliseconds: Int)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    let effects = take(&state, action)
    let pane = state.pane
    switch action {
    case .typed(_, let milliseconds), .commanded(_, _, let milliseconds):
      state.editor?.attention.moved(to: pane, at: milliseconds)
    default: state.editor?.attention.turned(to: pane)
    }
    return effects
  }

  private static func take(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.content.load()
      return [.loadCase(state.id)]
    case .arrived(let content, let at, let milliseconds):
      guard content.case.id == state.id else { return [] }
      return open(&state, content, at: at, milliseconds: milliseconds)
    case .failed(let problem):
      state.content.fail(problem)
      return []
    case .described(let model):
      guard var content = state.content.value, content.case.model == model.id, let signature = model.signature,
        content.signature != signature
      else { return [] }
      content.signature = signature
      show(&state, content)
      layOut(&state)
      return []
    case .explained(let explained):
      guard explained.id == state.id, var content = state.content.value else { return [] }
      let before = state.shownExplanation
      content.case.explanations = explained.explanations
      content.case.outlier = explained.outlier
      content.case.prediction = explained.prediction
      state.content = .loaded(content)
      state.explaining = .idle
      state.explanation = min(state.explanation, max(0, explained.explanations.count - 1))
      // Whoever is at a feature or a class of what is explained as before stays there.
      if state.shownExplanation?.content == before?.content {
        layOut(&state)
      } else {
        showExplanation(&state)
      }
      return []
    case .explainingFailed(let problem):
      state.explaining = .failed(problem)
      return []
    case .committed(let commit, let sequence):
      guard commit.caseID == state.id else { return [] }
      if let flag = commit.flag {
        flagged(&state, flag)
        return []
      }
      return state.editor?.committed(commit, as: sequence) ?? []
    case .refreshed(let content):
      guard content.case.id == state.id else { return [] }
      show(&state, content)
      state.editor?.reset(to: content)
      return []
    case .learned(let content):
      guard content.case.id == state.id else { return [] }
      show(&state, content)
      state.begunWhy = ""
      layOut(&state)
      return []
    case .typed(let key, let milliseconds):
      if state.whatIf != nil { return typeWhatIf(&state, key) }
      if state.deciding != nil { return typeDecision(&state, key) }
      return state.editor?.take(key, at: milliseconds) ?? []
    case .pasted(let text):
      guard state.whatIf == nil, state.deciding == nil else {
        state.whatIf?.paste(text)
        state.deciding?.paste(text)
        return []
      }
      return state.editor?.paste(text) ?? []
    case .probed(let probe, let order):
      probed(&state, probe, order)
      return []
    case .probeFailed(_, let order):
      if state.asking == order { state.asking = nil }
      state.unanswered = order
      return []
    case .flipsFound(let id, let flips):
      if id == state.id { state.flips = .loaded(flips) }
      return []
    case .flipsFailed(let id, let problem):
      if id == state.id { state.flips.fail(problem) }
      return []
    case .left: return leave(&state)
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      layOut(&state)
      return []
    case .commanded(let command, let count, let milliseconds):
      return perform(&state, command, count, milliseconds)
    }
  }

  private static func open(
    _ state: inout State, _ content: CaseContent, at: Timestamp, milliseconds: Int
  ) -> [Effect] {
    let before = state.shownExplanation
    show(&state, content)
    defer { state.editor?.answer = content.case.prediction.label }
    if state.editor?.draft.caseID == content.case.id {
      // Read again: what is being said of it, since when it is looked at, and the place in the explanation stay.
      state.editor?.goOn(with: content)
      state.explanation = min(state.explanation, max(0, content.case.explanations.count - 1))
      if state.shownExplanation != before { showExplanation(&state) }
      return explainIfNeeded(&state, content)
    }
    state.editor = JudgementEditor(content, attention: ActiveTime(shownAt: at, milliseconds: milliseconds))
    state.explanation = 0
    showExplanation(&state)
    return explainIfNeeded(&state, content)
  }

  /// Puts what is known of the case on screen; a field that is called otherwise now is neither changed nor waited for.
  private static func show(_ state: inout State, _ content: CaseContent) {
    if content.signature?.fields != state.content.value?.signature?.fields {
      state.whatIf = nil
      state.asking = nil
    }
    state.content = .loaded(content)
  }

  private static func explainIfNeeded(_ state: inout State, _ content: CaseContent) -> [Effect] {
    // What its own version calls its fields is asked for beside the case: the listed one may call them otherwise.
    let names: [Effect] =
      content.signature == nil && content.canExplain != nil ? [.loadModel(content.case.model)] : []
    guard content.case.explanations.isEmpty, content.canExplain == true else { return names }
    state.explaining = .running
    return names + [.explain(content.case.id)]
  }

  /// Orders the rows of the explanation on screen.
  private static func showExplanation(_ state: inout State) {
    state.classIndex = state.case?.prediction.chosenIndex ?? 0
    orderRows(&state)
    layOut(&state)
  }

  private static func orderRows(_ state: inout State) {
    switch state.shownExplanation?.content {
    case .attributions(let attributions):
      state.classIndex = min(state.classIndex, max(0, attributions.classes.count - 1))
      state.rows.replace(attributions.ranked(class: state.classIndex).map(Int32.init))
    case .anchor(let anchor): state.rows.replace(anchor.parts.indices.map(Int32.init))
    case .other, nil: state.rows.replace([])
    }
    state.rows.select(0)
  }

  static func layOut(_ state: inout State) {
    // The last row is for the others, or for what follows from a rule, which are not selected.
    state.rows.resize(height: CaseLayout(state).attributionRows - 1)
  }

  private static func perform(
    _ state: inout State, _ command: Command, _ count: Int?, _ milliseconds: Int
  ) -> [Effect] {
    let (target, explainer, label) = (state.target, state.shownExplanation?.explainer, state.markLabel)
    if let effects = state.editor?.perform(
      command, target: target, of: explainer, class: label, at: milliseconds)
    {
      return effects
    }
    if state.rows.perform(command, count: count) { return [] }
    switch command {
    case .moveRight, .moveLeft:
      guard let attributions = state.attributions, attributions.classes.count > 1 else { return [] }
      let count = attributions.classes.count
      state.classIndex = (state.classIndex + (command == .moveRight ? 1 : count - 1)) % count
      orderRows(&state)
      return []
    case .nextExplanation:
      guard let explanations = state.case?.explanations, !explanations.isEmpty else { return [] }
      state.explanation = (state.explanation + 1) % explanations.count
      showExplanation(&state)
      return []
    case .whatIf: return beginWhatIf(&state)
    case .decide:
      state.deciding = state.content.value.map { Deciding($0, why: state.begunWhy) }
      return []
    case .otherFlips: return findFlips(&state)
    case .nextPanel, .previousPanel:
      turnPanel(&state, by: command == .nextPanel ? 1 : -1)
      return []
    case .save: return commit(state, milliseconds)
    case .flag: return commit(state, milliseconds, flag: state.content.value?.isFlagged != true)
    case .reload: return [.loadCase(state.id)] + (explain(&state))
    default: return []
    }
  }

  private static func flagged(_ state: inout State, _ isRaised: Bool) {
    guard case .loaded(var content) = state.content else { return }
    content.isFlagged = isRaised
    state.content = .loaded(content)
  }

  private static func explain(_ state: inout State) -> [Effect] {
    guard state.content.value?.canExplain != false else { return [] }
    state.explaining = .running
    return [.explain(state.id)]
  }

  private static func commit(_ state: State, _ milliseconds: Int, flag: Bool? = nil) -> [Effect] {
    let isFlag = flag != nil
    guard let editor = state.editor, let current = state.case, editor.canSave || isFlag else { return [] }
    let timing = editor.attention.timing(at: milliseconds)
    let explanations = state.seenExplanations(timing)
    return [
      .commit(
        Commit(
          caseID: current.id, shown: current, signature: state.content.value?.signature,
          judgement: isFlag ? Judgement() : editor.draft.judgement,
          marks: isFlag ? [] : editor.draft.marks, knownMarks: isFlag ? [] : editor.draft.knownMarks, stage: .final,
          assistance: explanations.isEmpty ? .prediction : .explanation,
          timing: timing,
          seenExplanations: explanations, queue: state.stamps[current.id], window: state.content.value?.window,
          guideline: editor.guideline, flag: flag))
    ]
  }
}
