public import Domain
public import Frames

/// One model's form: a record filled in, checked as it is typed, sent, and its answer beside it.
public enum InferScreen {
  /// What one field holds while it is edited.
  public struct Entry: Equatable, Sendable {
    public var text: RawText
    /// Nil while the field is as it should be.
    public var problem: FieldProblem?
    public var value: FieldValue?
    /// A picture, which has no text of its own.
    public var pixels: [Double]?
  }

  public enum Mode: Equatable, Sendable {
    case idle
    case editing(TextInput)
    /// Picking one of a field's categories.
    case choosing(selected: Int)
    /// Picking one of the last inputs.
    case recalling(selected: Int)
    /// Typing the path of a file.
    case opening(TextInput)
  }

  public struct Answer: Equatable, Sendable {
    public var prediction: Prediction
    public var caseID: ShortHash
    public var number: Int
    public var at: Timestamp

    public init(prediction: Prediction, caseID: ShortHash, number: Int, at: Timestamp) {
      self.prediction = prediction
      self.caseID = caseID
      self.number = number
      self.at = at
    }
  }

  /// A batch of records read from a file, of which one is in the form.
  public struct Batch: Equatable, Sendable {
    /// One record as the form takes it, with what its file says of it besides.
    public struct Row: Equatable, Sendable {
      /// One a field, in the form's order.
      public var texts: [RawText]
      /// The source's own id of the record; empty where it has none.
      public var sourceID: RawText
      /// When the record occurred; nil where it is not said.
      public var at: Timestamp?

      public init(texts: [RawText], sourceID: RawText = "", at: Timestamp? = nil) {
        self.texts = texts
        self.sourceID = sourceID
        self.at = at
      }
    }

    public var name: String
    public var records: [Row]
    public var index = 0
    /// The form as the record filled it: with another value it is another record.
    var filled: [Entry] = []
    /// Whose form they were read for; nil is whichever is open.
    var model: ModelID?

    public init(name: String, records: [Row], for model: ModelID? = nil) {
      self.name = name
      self.records = records
      self.model = model
    }
  }

  public struct State: Equatable, Sendable {
    public var model: ModelID
    public var signature = Loadable<Signature>.idle
    public var entries: [Entry] = []
    public var rows = Rows()
    public var mode = Mode.idle
    /// The path of a file that is being read, or could not be: it is asked for again with that.
    var path = ""
    public var answer = Loadable<Answer>.idle
    /// The last answer that came in pieces, as far as it came; nil where the last one came whole.
    public var streamed: StreamedText?
    public var history: [[FieldValue]] = []
    public var batch: Batch?
    /// A file that is scored, or was.
    public var scoring: FileScoring?
    /// The size of the screen.
    var columns = 80
    var rowsOnScreen = 24
    public var order = 0
    /// A form as JSON that was edited and could not be read.
    var unread: String?
    /// Whether the answer that is waited for opens its case: not where the next input was begun meanwhile.
    var opensAnswer = false
    public var notice: InferNotice?

    public init(model: ModelID) { self.model = model }

    public var fields: [Field] { signature.value?.formFields ?? [] }

    var selectedField: Field? { rows.selected.flatMap { fields.indices.contains($0) ? fields[$0] : nil } }

    /// Fields that do not fit, in order.
    var problems: [(field: Field, problem: FieldProblem)] {
      zip(fields, entries).compactMap { field, entry in entry.problem.map { (field, $0) } }
    }

    /// The record of the opened file that is in the form; nil where a value was changed since.
    var recordAsRead: Batch.Row? {
      guard let batch, batch.records.indices.contains(batch.index) else { return nil }
      let isSame = entries.elementsEqual(batch.filled) { $0.text == $1.text && $0.pixels == $1.pixels }
      return isSame ? batch.records[batch.index] : nil
    }

    /// Whether printable keys are text.
    public var isTyping: Bool {
      switch mode {
      case .editing, .opening: true
      case .idle, .choosing, .recalling: false
      }
    }

    public var isAsking: Bool { mode != .idle }
  }

  public enum Action: Equatable, Sendable {
    case appeared
    case described(Signature)
    case failed(Problem)
    case remembered([[FieldValue]])
    case read(Batch)
    /// The file that was opened has too many rows for the form, or holds requests.
    case isLong(path: String, for: ModelID? = nil)
    case scored(FileScoring)
    case edited(String)
    case answered(Answer, order: Int)
    /// The next piece of an answer's text.
    case streamed(RawText, order: Int)
    case refused(Problem, order: Int)
    /// Nobody waits any more for the answer that was asked for.
    case stopped
    case typed(Key)
    case pasted(String)
    case resized(columns: Int, rows: Int)
    case commanded(Command, count: Int?)
  }

  public static func update(_ state: inout State, _ action: Action) -> [Effect] {
    let effects = take(&state, action)
    if state.isAsking { state.opensAnswer = false }
    return effects
  }

  private static func take(_ state: inout State, _ action: Action) -> [Effect] {
    switch action {
    case .appeared:
      state.notice = nil
      if state.signature.value != nil { return [.loadHistory(state.model)] }
      state.signature.load()
      return [.loadModel(state.model), .loadHistory(state.model)]
    case .described(let signature):
      let isNew = state.signature.value != signature
      state.signature = .loaded(signature)
      if isNew || state.entries.isEmpty {
        state.entries = signature.formFields.map { _ in Entry(text: "") }
        state.rows.replace(signature.formFields.indices.map(Int32.init))
      }
      return []
    case .failed(let problem):
      state.signature.fail(problem)
      return []
    case .remembered(let history):
      state.history = history
      return []
    case .read(let batch):
      guard batch.model ?? state.model == state.model else { return [] }
      state.mode = .idle
      state.path = ""
      turn(&state, to: batch)
      return []
    case .isLong(let path, let model):
      state.path = ""
      return model ?? state.model == state.model ? beginScoring(&state, path) : []
    case .scored(let scoring):
      take(&state, scoring)
      return []
    case .edited(let text):
      takeJSON(&state, text)
      return []
    case .answered(let answer, let order):
      guard order == state.order else { return [] }
      state.answer = .loaded(answer)
      state.streamed?.ended = .whole
      return [.loadHistory(state.model)]
    case .streamed(let text, let order):
      if order == state.order { state.streamed?.take(text) }
      return []
    case .refused(let problem, let order):
      guard order == state.order else { return [] }
      state.answer.fail(problem)
      state.streamed?.ended = .broken
      return []
    case .stopped: return stop(&state)
    case .typed(let key): return type(&state, key)
    case .pasted(let text): return paste(&state, text)
    case .resized(let columns, let rows):
      state.columns = columns
      state.rowsOnScreen = rows
      fit(&state)
      return []
    case .commanded(let command, let count):
      return perform(&state, command, count)
    }
  }

  private static func perform(_ state: inout State, _ command: Command, _ count: Int?) -> [Effect] {
    state.notice = nil
    if state.rows.perform(command, count: count) { return [] }
    switch command {
    case .open:
      beginEditing(&state)
      return []
    case .moveRight, .moveLeft:
      turn(&state, by: command == .moveRight ? 1 : -1)
      return []
    case .send: return send(&state, explains: false, anyway: false)
    case .sendAndExplain: return send(&state, explains: true, anyway: false)
    case .sendAnyway: return send(&state, explains: false, anyway: true)
    case .generate: return generate(&state)
    case .editJSON:
      return state.signature.value == nil ? [] : [.edit(state.unread ?? json(of: state))]
    case .openFile:
      state.mode = .opening(TextInput(state.path))
      return []
    case .history:
      guard state.history.isEmpty else {
        state.mode = .recalling(selected: 0)
        return []
      }
      state.notice = InferNotice("there are no inputs of yours yet")
      return [.loadHistory(state.model)]
    case .back: return state.scoring?.isRunning == true ? [.stopScoring(state.model)] : []
    case .nextCase, .previousCase: return turnBatch(&state, by: command == .nextCase ? 1 : -1)
    case .reload:
      state.signature.load()
      return [.loadModel(state.model), .loadHistory(state.model)]
    default: return []
    }
  }

  /// Puts another record of the opened file into the form.
  private static func turnBatch(_ state: inout State, by step: Int) -> [Effect] {
    guard var batch = state.batch, batch.records.indices.contains(batch.index + step) else { return [] }
    batch.index += step
    turn(&state, to: batch)
    return []
  }

  private static func turn(_ state: inout State, to batch: Batch) {
    fill(&state, texts: batch.records.indices.contains(batch.index) ? batch.records[batch.index].texts : [])
    state.batch = batch
    state.batch?.filled = state.entries
  }

  private static func send(_ state: inout State, explains: Bool, anyway: Bool) -> [Effect] {
    guard let signature = state.signature.value else { return [] }
    validateAll(&state)
    if let (field, problem) = state.problems.first(where: { !anyway || !$0.problem.canBeSentAnyway }) {
      state.notice = InferNotice(
        "\(field.name.string) \(problem.text)",
        hint: problem.canBeSentAnyway ? Hint(.sendAnyway, "sends it anyway") : Hint(.open, "edits the field"))
      if let row = signature.fields.firstIndex(where: { $0.name == field.name }) { state.rows.select(row) }
      return []
    }
    let values = state.entries.map { $0.value ?? .missing }
    let row = state.recordAsRead
    state.order += 1
    state.opensAnswer = explains
    state.answer.load()
    state.streamed = nil
    var order = InferenceOrder(number: state.order, model: state.model, values: values, explains: explains)
    order.sourceID = row?.sourceID ?? ""
    order.at = row?.at
    return [.infer(order)]
  }
}
