public import Domain
public import Frames

/// Cases, by what they hold and what was said of them: results come while one types, from this ledger alone.
public enum SearchScreen {
  /// Something that is said of a case.
  public struct Said: Equatable, Sendable {
    public var at: Timestamp
    public var analyst: RawText
    /// `judgement`, `note`, `mark`, `flag`.
    public var kind: RawText
    public var words: RawText

    public init(at: Timestamp, analyst: RawText, kind: RawText, words: RawText) {
      self.at = at
      self.analyst = analyst
      self.kind = kind
      self.words = words
    }
  }

  /// The case of a hit, as it is shown beside the list.
  public struct Found: Equatable, Sendable {
    public var `case`: Case
    public var signature: Signature?
    /// What is said of it, the newest first.
    public var said: [Said]

    public init(case: Case, signature: Signature? = nil, said: [Said] = []) {
      self.case = `case`
      self.signature = signature
      self.said = said
    }
  }

  public struct State: Equatable, Sendable {
    public var input = TextInput("")
    /// Whether keys are text; else they move in the list.
    public var isTyping = true
    /// What was typed, as it was read.
    public var query = SearchQuery()
    public var results = Loadable<SearchResults>.idle
    public var rows = Rows()
    /// The case of the selected hit: follows when the move key rests.
    public var found = Loadable<Found>.idle
    public var size = ScreenSize()
    /// Rises with every question: the answer to an older one is not shown.
    var order = 0
    /// What was asked last.
    var asked: SearchQuery?
    /// The case that stays selected when the answer comes; the first hit where it is none.
    var kept: ShortHash?
    /// That nothing was found for what may become a filter: not shown as long as it is being typed.
    var withheld: SearchResults?

    public init() {}

    public var hits: [SearchHit] { results.value?.hits ?? [] }
    public var selected: SearchHit? { rows.selected.flatMap { hits.indices.contains($0) ? hits[$0] : nil } }
    /// Whether the hits answer what was asked before, since what stands in the input cannot be read or is not finished.
    var isOfBefore: Bool { (!query.faults.isEmpty || withheld != nil) && !hits.isEmpty }
    /// Whether the hits are the answer to what stands in the input.
    var isCurrent: Bool {
      if case .loaded = results { query.faults.isEmpty && withheld == nil } else { false }
    }
  }

  public enum Action: Equatable, Sendable {
    case appeared(now: Timestamp)
    case arrived(SearchResults, order: Int)
    case failed(Problem, order: Int)
    case found(Found)
    case typed(Key, now: Timestamp)
    case pasted(String, now: Timestamp)
    case rested
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?, now: Timestamp)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared(let now): return askAgain(&state, now)
    case .arrived(let results, let order):
      guard order == state.order else { return [] }
      return show(&state, results)
    case .failed(let problem, let order):
      guard order == state.order else { return [] }
      state.withheld = nil
      if state.kept == nil {
        // What was found before answers another question.
        state.results = .failed(problem, last: nil)
        state.rows.replace([])
        state.found = .idle
      } else {
        state.results.fail(problem)
      }
      return []
    case .found(let found):
      if state.selected == nil || state.selected?.id == found.case.id { state.found = .loaded(found) }
      return []
    case .typed(let key, let now): return type(&state, key, now)
    case .pasted(let text, let now):
      guard state.isTyping else { return [] }
      state.input.insert(text)
      return ask(&state, now)
    case .rested: return follow(&state)
    case .resized(let columns, let rows):
      state.size = ScreenSize(columns: columns, rows: rows)
      state.rows.resize(height: SearchLayout(state.size).listHeight)
      return []
    case .commanded(let command, let count, let now):
      switch command {
      case .filter: state.isTyping = true
      case .reload: return askAgain(&state, now)
      default: return state.rows.perform(command, count: count) ? [.rest(milliseconds: 80)] : []
      }
      return []
    }
  }

  private static func type(_ state: inout State, _ key: Key, _ now: Timestamp) -> [Effect] {
    let move: Command? =
      switch key {
      case .down, .control("N"): .moveDown
      case .up, .control("P"): .moveUp
      case .pageDown: .pageDown
      case .pageUp: .pageUp
      default: nil
      }
    if let move {
      state.rows.perform(move)
      return [.rest(milliseconds: 80)]
    }
    switch key {
    case .escape, .enter:
      state.isTyping = false
      // What is not typed on is a word, and nothing holds it.
      guard state.query.faults.isEmpty, !state.results.isLoading, let withheld = state.withheld else { return [] }
      return show(&state, withheld)
    default:
      let before = state.input.text
      _ = state.input.apply(key)
      return state.input.text == before ? [] : ask(&state, now)
    }
  }

  /// Asks for what stands in the input. While it cannot be read, what was found before stays.
  private static func ask(_ state: inout State, _ now: Timestamp) -> [Effect] {
    state.query = SearchQuery(state.input.text, now: now)
    guard state.query.faults.isEmpty, state.query != state.asked else { return [] }
    state.kept = nil
    return send(&state)
  }

  /// The same again: the ledger may hold more by now. The selection stays on its case.
  private static func askAgain(_ state: inout State, _ now: Timestamp) -> [Effect] {
    state.query = SearchQuery(state.input.text, now: now)
    guard state.query.faults.isEmpty else { return [] }
    state.kept = state.selected?.id
    return send(&state)
  }

  private static func send(_ state: inout State) -> [Effect] {
    state.order += 1
    state.asked = state.query
    state.results.load()
    return [.search(SearchOrder(number: state.order, query: state.query))]
  }

  private static func show(_ state: inout State, _ results: SearchResults) -> [Effect] {
    state.withheld = nil
    if results.hits.isEmpty, state.isTyping, state.asked?.mayBecomeFilter == true, !state.hits.isEmpty,
      let shown = state.results.value
    {
      state.withheld = results
      state.results = .loaded(shown)
      return []
    }
    let kept = state.kept.flatMap { id in results.hits.firstIndex { $0.id == id } }
    let row = kept == nil && state.kept != nil ? state.rows.selection : 0
    state.results = .loaded(results)
    state.rows.replace([])
    state.rows.replace(results.hits.indices.map(Int32.init), keeping: kept ?? min(row, max(0, results.hits.count - 1)))
    // What is said of the case may be new as well.
    let isReload = state.kept != nil
    state.kept = nil
    guard let id = state.selected?.id else {
      state.found = .idle
      return []
    }
    return isReload || state.found.value?.case.id != id ? load(&state, id) : []
  }

  private static func follow(_ state: inout State) -> [Effect] {
    guard let id = state.selected?.id, state.found.value?.case.id != id else { return [] }
    return load(&state, id)
  }

  private static func load(_ state: inout State, _ id: ShortHash) -> [Effect] {
    state.found.load()
    return [.loadFound(id)]
  }
}

/// A search on its way to the ledger.
public struct SearchOrder: Equatable, Sendable {
  /// Rises with every search of a session.
  public var number: Int
  public var query: SearchQuery

  public init(number: Int, query: SearchQuery) {
    self.number = number
    self.query = query
  }
}

/// Where the parts of the search stand: the input, the list under it, and the case under or beside the list.
struct SearchLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  var isWide: Bool { size.columns >= 110 }
  var listWidth: Int { isWide ? max(78, size.columns * 3 / 5) : size.columns }
  var inputRow: Int { 2 }
  var titleRow: Int { 4 }
  var hasPane: Bool { isWide || size.rows >= 20 }
  /// Lines of the case under the list.
  private var paneLines: Int { max(5, (size.rows - 8) * 2 / 5) }
  /// The row of the case's rule.
  var paneRow: Int { isWide ? 1 : size.rows - 3 - paneLines }
  var listHeight: Int { max(1, (isWide || !hasPane ? size.rows - 2 : paneRow - 1) - titleRow - 1) }

  /// Where the case is shown.
  var pane: Rect {
    isWide
      ? Rect(row: 2, column: listWidth + 2, rows: size.rows - 4, columns: size.columns - listWidth - 3)
      : Rect(row: paneRow + 1, column: 2, rows: paneLines, columns: size.columns - 4)
  }
}
