public import Domain

/// Since when and in which features the inputs of a model have moved away from what it was trained on.
public enum DriftScreen {
  public struct Content: Equatable, Sendable {
    public var model: ModelID
    /// Aligned windows without gaps, oldest first.
    public var windows: [Window]
    public var reference: Reference?
    /// Where the reference came from: a detector's metadata, the catalogue, or a baseline window.
    public var referenceSource: String
    /// The share of records flagged as outliers, one a window; nil where fewer than 30 were scored.
    public var outlierShares: [Double?]
    /// How often the model gave each label, one a window.
    public var answers: [[RawText: Int]]
    /// The cases that the windows were compared with; nil for the detector's own reference.
    public var baseline: DriftBaseline?

    public init(
      model: ModelID, windows: [Window], reference: Reference?, referenceSource: String = "",
      outlierShares: [Double?] = [], answers: [[RawText: Int]] = []
    ) {
      self.model = model
      self.windows = windows
      self.reference = reference
      self.referenceSource = referenceSource
      self.outlierShares = outlierShares
      self.answers = answers
    }

    /// What it says of some of the windows.
    func slice(_ range: Range<Int>) -> Content {
      guard range.count < windows.count else { return self }
      var slice = self
      slice.windows = Array(windows[range])
      if outlierShares.count == windows.count { slice.outlierShares = Array(outlierShares[range]) }
      if answers.count == windows.count { slice.answers = Array(answers[range]) }
      return slice
    }

    /// How wide its windows are; nil where there is none.
    var width: WindowWidth? {
      let seconds = windows.first.map { Int64($0.to.seconds(since: $0.from)) }
      return WindowWidth.allCases.first { $0.seconds == seconds }
    }

    /// The newest window with a result.
    var newestResult: Int? { windows.indices.last { windows[$0].result != nil } }
  }

  /// What is on screen, to be written to a file.
  public struct Snapshot: Equatable, Sendable {
    public var content: Content
    public var width: WindowWidth
    /// The window in view.
    public var window: Window?

    public init(content: Content, width: WindowWidth, window: Window?) {
      self.content = content
      self.width = width
      self.window = window
    }
  }

  /// What the chart follows.
  public enum Chart: Equatable, Sendable {
    case feature, outliers
  }

  public struct State: Equatable, Sendable {
    public var model: ModelID
    public var chart = Chart.feature
    public var width = WindowWidth.sixHours
    /// What is compared with in place of the detector's reference.
    public var baseline: DriftBaseline?
    public var content = Loadable<Content>.idle
    /// The window in view, as an index.
    public var window = 0
    public var rows = Rows()
    /// The feature in the chart: follows the selection when the move key rests.
    public var followed: Int?
    public var size = ScreenSize()
    /// The rows of the panel that stands alone, where one does.
    var panelRows: Int?
    /// What is being computed.
    public var progress: String?
    /// Whether what is on screen is what the ledger had, until the comparison comes.
    var isKnownOnly = false

    public init(model: ModelID) { self.model = model }

    /// Why a command can do nothing, in words.
    func obstacle(to command: Command) -> Obstacle? {
      switch command {
      case .outliers where windows.isEmpty, .moveLeft where windows.isEmpty, .moveRight where windows.isEmpty:
        "there is no window of cases yet"
      case .open where shownWindow.map({ $0.count == 0 }) ?? true: "there is no case in this window"
      case .moveLeft where window == 0: "this is the first window"
      case .moveRight where window + 1 == windows.count: "this is the last window"
      case .composeQueue
      where baseline == nil && content.value != nil && !windows.contains { $0.result?.isDrift == true }:
        Obstacle("no window here drifted", hint: Hint(.goReview, "reviews what waits"))
      case .snapshot: content.value == nil ? "there is no report to write yet" : nil
      case .rules:
        baseline == nil
          ? Obstacle("the detector's own rules are in force", hint: Hint(.baseline, "compares with other cases")) : nil
      case .baseline:
        baseline == nil && shownWindow.map { $0.count < Window.smallestCount } ?? true
          ? Obstacle(
            "a baseline needs \(Window.smallestCount) cases",
            hint: Hint([.moveLeft, .moveRight], "turns to another window")) : nil
      default: nil
      }
    }

    private var windows: [Window] { content.value?.windows ?? [] }

    var shownWindow: Window? { windows.indices.contains(window) ? windows[window] : nil }

    /// The features of the window in view, in the detector's order.
    var features: [FeatureDrift] { shownWindow?.result?.features ?? [] }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    case arrived(Content)
    /// The windows that were compared before, while the others are on their way.
    case known(Content)
    case progressed(String?)
    case failed(Problem)
    case rested
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.content.load()
      return [.loadDrift(state.model, width: state.width)]
    case .arrived(let content):
      guard content.model == state.model else { return [] }
      show(&state, content)
      state.progress = nil
      return compare(&state)
    case .known(let content): return showKnown(&state, content)
    case .progressed(let text):
      state.progress = text
      return []
    case .failed(let problem):
      // A comparison that cannot be made leaves what was known, and says so.
      state.baseline = state.content.value?.baseline
      state.content.fail(problem)
      state.progress = nil
      return []
    case .rested:
      state.followed = state.rows.selected
      return []
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: DriftLayout(state.size).tableHeight)
      return []
    case .commanded(let command, let count):
      return perform(&state, command, count)
    }
  }

  private static func show(_ state: inout State, _ content: Content) {
    let before = state.content.value
    // Whoever has turned to another window meanwhile stays there.
    let isAtNewest = state.isKnownOnly && state.window == before?.newestResult
    let isFirst = before == nil || before?.windows.count != content.windows.count
    state.content = .loaded(content)
    state.isKnownOnly = false
    if isFirst || isAtNewest { state.window = content.newestResult ?? max(0, content.windows.count - 1) }
    order(&state)
  }

  /// Nobody waits for a service to see what is in the ledger; where something is on screen already, it stays.
  private static func showKnown(_ state: inout State, _ content: Content) -> [Effect] {
    guard content.model == state.model, state.content.isLoading, content.newestResult != nil, state.baseline == nil,
      state.content.value?.windows.count != content.windows.count
    else { return [] }
    show(&state, content)
    state.content.load()
    state.isKnownOnly = true
    return []
  }

  private static func perform(_ state: inout State, _ command: Command, _ count: Int?) -> [Effect] {
    if state.rows.perform(command, count: count) { return [.rest(milliseconds: 80)] }
    switch command {
    case .moveLeft, .moveRight:
      let step = (command == .moveRight ? 1 : -1) * (count ?? 1)
      let last = max(0, (state.content.value?.windows.count ?? 0) - 1)
      state.window = max(0, min(state.window + step, last))
      order(&state)
      return []
    case .windowWidth:
      state.width = state.width.next
      state.content.load()
      return [.loadDrift(state.model, width: state.width)]
    case .baseline:
      state.baseline = nextBaseline(state)
      return changed(&state)
    case .rules:
      guard let rules = state.baseline?.rules.next else { return [] }
      state.baseline?.rules = rules
      return changed(&state)
    case .snapshot:
      guard let content = state.content.value else { return [] }
      // Another width may have been asked for: a report is of the windows on screen.
      let width = content.width ?? state.width
      return [.saveDrift(Snapshot(content: content, width: width, window: state.shownWindow))]
    case .outliers:
      state.chart = state.chart == .feature ? .outliers : .feature
      return []
    case .open:
      guard let window = state.shownWindow, window.count > 0 else { return [] }
      let feature = state.rows.selected.flatMap { state.features.indices.contains($0) ? state.features[$0].name : nil }
      return [.loadWindowCases(state.model, from: window.from, to: window.to, feature: feature)]
    case .reload:
      state.content.load()
      return [.loadDrift(state.model, width: state.width)]
    default: return []
    }
  }

  /// The window in view, then all before it, then the detector's own reference again.
  private static func nextBaseline(_ state: State) -> DriftBaseline? {
    guard let window = state.shownWindow, let first = state.content.value?.windows.first else { return nil }
    guard let now = state.baseline else { return DriftBaseline(from: window.from, to: window.to) }
    guard now.from == window.from, now.to == window.to, first.from < window.from else { return nil }
    return DriftBaseline(from: first.from, to: window.from, rules: now.rules)
  }

  /// Another baseline or other rules: what is on screen stays until the comparison comes.
  private static func changed(_ state: inout State) -> [Effect] {
    guard state.baseline == nil else { return compare(&state) }
    state.content.load()
    return [.loadDrift(state.model, width: state.width)]
  }

  /// Asks for the comparison with the baseline where what is on screen is another one.
  private static func compare(_ state: inout State) -> [Effect] {
    guard let content = state.content.value, let baseline = state.baseline, content.baseline != baseline else {
      return []
    }
    state.content.load()
    return [.compareDrift(content, with: baseline)]
  }

  /// Features by corrected p, then by effect; the selection stays on its feature.
  private static func order(_ state: inout State) {
    let features = state.features
    // The features of every window stand in the detector's order: an index is the same feature in each.
    let kept = state.rows.selected ?? state.followed
    let order = features.indices.sorted { left, right in
      let a = features[left]
      let b = features[right]
      if a.rank != b.rank { return a.rank < b.rank }
      return a.effect == b.effect ? left < right : a.effect > b.effect
    }
    state.rows.replace(order.map(Int32.init), keeping: kept.flatMap { features.indices.contains($0) ? $0 : nil })
    state.followed = state.rows.selected
  }
}
