internal import Domain
internal import Frames

extension App {
  /// The two keys that hand the text being typed to $EDITOR; nil for any other key, and where no long text is typed.
  static func takeEditorKey(_ state: inout AppState, _ key: Key) -> [Effect]? {
    guard let input = state.longText else { return nil }
    let isBegun = state.pending == [.control("X")]
    state.pending = []
    if isBegun, key == .control("E") { return [.editText(input.text)] }
    guard key == .control("X") else { return nil }
    state.pending = [key]
    return []
  }

  /// Takes the text back, still being typed; a line break is a space, as everywhere in a line that is typed.
  static func takeText(_ state: inout AppState, _ text: String) -> [Effect] {
    guard var input = state.longText else { return [] }
    // Editors end a file with a line break: that one is theirs.
    let isEnded = text.last?.isNewline == true && input.text.last?.isNewline != true
    input.replace(with: isEnded ? String(text.dropLast()) : text)
    switch state.place {
    case .case where state.case?.whatIf != nil:
      state.case?.whatIf?.replace(with: input)
      return []
    case .case: return state.case?.editor?.replaceNote(input.text) ?? []
    case .review: return state.review.editor?.replaceNote(input.text) ?? []
    case .infer:
      if var infer = state.infer {
        InferScreen.keep(&infer, input)
        state.infer = infer
      }
      return []
    case .inbox:
      state.inbox.answering?.input = input
      return state.inbox.answering.map { InboxScreen.keep(&state.inbox, $0) } ?? []
    case .models, .drift, .outbox, .feedback, .search, .log: return []
    }
  }
}

extension AppState {
  /// The text that is typed just now, where it may be a long one: a note, an answer, a text or a list of a form, a what-if
  /// of one. Paths, filters and numbers are short.
  var longText: TextInput? {
    switch place {
    case .case:
      if let whatIf = self.case?.whatIf {
        guard case .typing(let input) = whatIf.entry, let fields = self.case?.content.value?.signature?.fields,
          fields.indices.contains(whatIf.field), fields[whatIf.field].isLong
        else { return nil }
        return input
      }
      return editor?.noteInput
    case .review: return editor?.noteInput
    case .infer:
      guard case .editing(let input) = infer?.mode, infer?.selectedField?.isLong == true else { return nil }
      return input
    case .inbox: return inbox.answering?.input
    case .models, .drift, .outbox, .feedback, .search, .log: return nil
    }
  }
}

extension Field {
  /// Whether its value may be long: a text, a list, a request.
  fileprivate var isLong: Bool {
    switch kind {
    case .text, .list, .open: true
    case .number, .integer, .flag, .category, .image: false
    }
  }
}
