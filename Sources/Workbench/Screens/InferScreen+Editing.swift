internal import Domain
internal import Feedback
internal import Frames

extension InferScreen {
  /// Reads a text into an entry, and says what does not fit.
  static func entry(_ text: RawText, for field: Field) -> Entry {
    switch field.value(of: text) {
    case .success(let value):
      var pixels: [Double]?
      if case .image(let values) = value { pixels = values }
      return Entry(text: text, problem: field.doubt(about: value), value: value, pixels: pixels)
    case .failure(let problem):
      // A label nobody published can still be sent when the analyst insists.
      let value: FieldValue? = problem.canBeSentAnyway ? .text(text.trimmed) : nil
      return Entry(text: text, problem: problem, value: value)
    }
  }

  static func validateAll(_ state: inout State) {
    for (index, field) in state.fields.enumerated() where state.entries.indices.contains(index) {
      if state.entries[index].value == nil { state.entries[index] = entry(state.entries[index].text, for: field) }
    }
  }

  /// Puts texts into the form, one a field; fields without a text stay empty.
  static func fill(_ state: inout State, texts: [RawText]) {
    state.entries = state.fields.enumerated().map { index, field in
      index < texts.count && !texts[index].isEmpty ? entry(texts[index], for: field) : Entry(text: "")
    }
    state.rows.select(state.rows.selection)
  }

  /// Puts values into the form.
  static func fill(_ state: inout State, values: [FieldValue]) {
    state.entries = zip(state.fields, values).map { field, value in
      if case .image(let pixels) = value {
        return Entry(text: "", problem: field.doubt(about: value), value: value, pixels: pixels)
      }
      if value == .missing { return Entry(text: "") }
      return Entry(text: value.text, problem: field.doubt(about: value), value: value)
    }
  }

  static func beginEditing(_ state: inout State) {
    guard let field = state.selectedField, let index = state.rows.selected, state.entries.indices.contains(index) else {
      return
    }
    let text = state.entries[index].text
    switch field.kind {
    case .category(let labels):
      state.mode = .choosing(selected: labels.firstIndex(of: text) ?? 0)
    case .text: state.mode = .editing(TextInput(text.string, keepsLines: true))
    case .number, .integer, .flag, .image, .list, .open: state.mode = .editing(TextInput(text.string))
    }
  }

  /// Turns a choice to its next or previous label without opening it.
  static func turn(_ state: inout State, by step: Int) {
    guard let field = state.selectedField, let index = state.rows.selected else { return }
    if case .category(let labels) = field.kind {
      let now = labels.firstIndex(of: state.entries[index].text)
      let next = now.map { ($0 + step + labels.count) % labels.count } ?? (step > 0 ? 0 : labels.count - 1)
      state.entries[index] = entry(labels[next], for: field)
    } else if case .flag = field.kind {
      state.entries[index] = entry(state.entries[index].value == .flag(true) ? "false" : "true", for: field)
    }
  }

  static func type(_ state: inout State, _ key: Key) -> [Effect] {
    state.notice = nil
    switch state.mode {
    case .idle:
      // A digit or a sign begins to edit the field.
      guard key.beginsNumber else { return [] }
      var input = TextInput("")
      _ = input.apply(key)
      keep(&state, input)
      return []
    case .editing(var input): return typeField(&state, key, &input)
    case .choosing(let selected):
      choose(&state, key, selected)
      return []
    case .recalling(let selected):
      recall(&state, key, selected)
      return []
    case .opening(var input): return typePath(&state, key, &input)
    }
  }

  private static func typeField(_ state: inout State, _ key: Key, _ input: inout TextInput) -> [Effect] {
    switch key {
    case .escape:
      state.mode = .idle
    case .enter, .tab, .down:
      state.mode = .idle
      state.rows.perform(.moveDown)
    case .up, .backTab:
      state.mode = .idle
      state.rows.perform(.moveUp)
    default:
      _ = input.apply(key)
      keep(&state, input)
    }
    return []
  }

  /// The field follows the text as it is typed, so that its problem is seen at once.
  static func keep(_ state: inout State, _ input: TextInput) {
    state.mode = .editing(input)
    guard let index = state.rows.selected, let field = state.selectedField else { return }
    state.entries[index] = entry(RawText(input.text), for: field)
  }

  private static func choose(_ state: inout State, _ key: Key, _ selected: Int) {
    guard let index = state.rows.selected, let field = state.selectedField, case .category(let labels) = field.kind
    else { return }
    switch key {
    case .down, .text("j"), .control("N"): state.mode = .choosing(selected: min(selected + 1, labels.count - 1))
    case .up, .text("k"), .control("P"): state.mode = .choosing(selected: max(selected - 1, 0))
    case .enter, .tab:
      state.entries[index] = entry(labels[selected], for: field)
      state.mode = .idle
      state.rows.perform(.moveDown)
    case .text(let scalar):
      // A letter jumps to the next label that begins with it.
      let wanted = Character(scalar.properties.lowercaseMapping)
      let after = (1...labels.count).map { (selected + $0) % labels.count }
      if let next = after.first(where: { labels[$0].string.lowercased().first == wanted }) {
        state.mode = .choosing(selected: next)
      }
    default: state.mode = .idle
    }
  }

  private static func recall(_ state: inout State, _ key: Key, _ selected: Int) {
    switch key {
    case .down, .text("j"): state.mode = .recalling(selected: min(selected + 1, state.history.count - 1))
    case .up, .text("k"): state.mode = .recalling(selected: max(selected - 1, 0))
    case .enter:
      fill(&state, values: state.history[selected])
      state.mode = .idle
    default: state.mode = .idle
    }
  }

  private static func typePath(_ state: inout State, _ key: Key, _ input: inout TextInput) -> [Effect] {
    switch key {
    case .escape:
      state.mode = .idle
      return []
    case .enter:
      state.mode = .idle
      state.path = input.text
      return input.text.isEmpty ? [] : [.readInputs(path: input.text, state.model)]
    default:
      _ = input.apply(key)
      state.mode = .opening(input)
      return []
    }
  }

  /// Pasted text goes into the field being edited; otherwise it is read as a record: JSON, or values in order.
  static func paste(_ state: inout State, _ text: String) -> [Effect] {
    switch state.mode {
    case .editing(var input):
      input.insert(text)
      keep(&state, input)
    case .opening(var input):
      input.insert(text)
      state.mode = .opening(input)
    case .idle, .choosing, .recalling:
      state.mode = .idle
      guard !state.fields.isEmpty else { return [] }
      if text.utf8.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
        takeJSON(&state, text, isWhole: false)
      } else if state.fields.count == 1 {
        fill(&state, texts: [RawText(text)])
      } else {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "\t" || $0 == "," }
        guard parts.count > 1, parts.count <= state.fields.count else {
          state.notice = InferNotice(
            "\(parts.count == 1 ? "One value" : "\(parts.count) values") for \(state.fields.count) fields",
            advice: "what is pasted without a field open is a record: values in order, or JSON by name")
          return []
        }
        for (place, part) in parts.enumerated() {
          state.entries[place] = entry(RawText(String(part)).trimmed, for: state.fields[place])
        }
      }
    }
    return []
  }

  /// The form as a JSON object, field by field.
  static func json(of state: State) -> String {
    if state.fields == [.request] {
      let text = state.entries.first?.text ?? ""
      return text.isEmpty ? requestTemplate : text.string
    }
    let members = zip(state.fields, state.entries).map { field, entry -> JSON.Member in
      JSON.Member(field.name, value(of: entry))
    }
    return JSON.object(members).indented + "\n"
  }

  private static func value(of entry: Entry) -> JSON {
    if let pixels = entry.pixels { return .array(pixels.map(JSON.number)) }
    switch entry.value {
    case .number(let value): return .number(value)
    case .integer(let value): return .integer(value)
    case .unsigned(let value): return .unsigned(value)
    case .flag(let value): return .bool(value)
    case .text(let text): return .string(text)
    // The shortest text of a single is what was typed; the double beside it is the same single again.
    case .list(.single(let values)): return .array(values.map { .exact(Double(Decimal.shortest($0)) ?? Double($0)) })
    case .list(let elements): return .array(elements.json)
    case .image, .missing, nil: return entry.text.isEmpty ? .null : .string(entry.text)
    }
  }

  /// A request to begin with, where nobody said what the model takes.
  private static let requestTemplate = """
    {"inputs": [
      {"name": "", "datatype": "FP32", "shape": [1, 1], "data": [0]}
    ]}
    """

  /// Takes an edited JSON object back into the form; says what it cannot use.
  /// A text of the whole form empties the fields that it leaves out.
  static func takeJSON(_ state: inout State, _ text: String, isWhole: Bool = true) {
    let value: JSON
    // A text with a mistake is not lost: it is what is opened again.
    state.unread = isWhole ? text : nil
    do throws(JSONError) {
      value = try JSON(parsing: text)
    } catch {
      state.notice = InferNotice(
        "The text is no JSON: \(error.description)", hint: Hint(.editJSON, "opens it again"))
      return
    }
    guard let members = value.members else {
      state.notice = InferNotice(
        "A JSON object with the field names is needed", hint: Hint(.editJSON, "opens the form as JSON"))
      return
    }
    if state.fields == [.request] {
      state.unread = nil
      fill(&state, texts: [RawText(bytes: value.serialized)])
      return
    }
    if let stranger = members.first(where: { member in !state.fields.contains { $0.name == member.key } }) {
      let names = state.fields.map(\.name)
      let near = names.min { distance($0, stranger.key) < distance($1, stranger.key) }
      state.notice = InferNotice(
        "No field is named \(stranger.key.string)",
        advice: near.map { "did you mean \($0.string)?" } ?? "")
      return
    }
    state.unread = nil
    for (place, field) in state.fields.enumerated() {
      if let text = value[field.name]?.typed {
        state.entries[place] = entry(text, for: field)
      } else if isWhole {
        state.entries[place] = Entry(text: "")
      }
    }
  }

  private static func distance(_ left: RawText, _ right: RawText) -> Int {
    EditDistance.between(left.bytes, right.bytes)
  }
}
