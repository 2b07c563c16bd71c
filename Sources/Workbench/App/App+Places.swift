internal import Domain
internal import Frames

extension App {
  /// The screen on top was moved to: it asks for what it shows.
  static func enter(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    let effects = resize(&state, state.size)
    switch state.place {
    case .models: return effects
    case .infer: return effects + route(&state, .infer(.appeared))
    case .case: return effects + route(&state, .case(.appeared))
    case .drift: return effects + route(&state, .drift(.appeared))
    case .review: return effects + route(&state, .review(.appeared(milliseconds: milliseconds, now: state.now)))
    case .outbox: return effects + route(&state, .outbox(.appeared))
    case .inbox: return effects + route(&state, .inbox(.appeared))
    case .feedback: return effects + route(&state, .feedback(.appeared))
    case .search: return effects + route(&state, .search(.appeared(now: state.now)))
    case .log: return effects + route(&state, .log(.appeared))
    }
  }

  /// Opens a place on top of the present one.
  static func open(_ state: inout AppState, _ place: Place, _ milliseconds: Int) -> [Effect] {
    if state.place == place { return [] }
    switch place {
    case .models: state.places = []
    case .infer, .drift, .case, .review, .outbox, .inbox, .feedback, .search, .log: _ = prepare(&state, place)
    }
    state.places.removeAll { $0 == place }
    state.places.append(place)
    return enter(&state, milliseconds)
  }

  /// Sees to it that a screen's state is about the place that is to be on top; true where it had to begin anew.
  static func prepare(_ state: inout AppState, _ place: Place) -> Bool {
    switch place {
    case .infer(let id):
      guard state.infer?.model != id else { return false }
      state.infer = InferScreen.State(model: id)
      if let signature = state.models.groups.first(where: { $0.id == id })?.model.signature {
        _ = route(&state, .infer(.described(signature)))
      }
    case .drift(let id):
      guard state.drift?.model != id else { return false }
      state.drift = DriftScreen.State(model: id)
    case .case(let id):
      guard state.case?.id != id else { return false }
      let isListed = state.case?.siblings.contains(id) == true
      state.case = CaseScreen.State(
        id: id, siblings: isListed ? state.case?.siblings ?? [] : [], stamps: isListed ? state.case?.stamps ?? [:] : [:]
      )
    case .models, .review, .outbox, .inbox, .feedback, .search, .log: return false
    }
    return true
  }

  /// Opens a case, with the list that it was opened from. One that waits for a blind answer opens from its queue alone.
  static func openCase(
    _ state: inout AppState, _ id: ShortHash, among siblings: [ShortHash], stamps: [ShortHash: QueueStamp] = [:]
  ) -> [Effect] {
    let hidden = state.hiddenCases
    guard !hidden.contains(id) else {
      state.toast = hiddenAnswer
      return []
    }
    state.case = CaseScreen.State(id: id, siblings: siblings.filter { !hidden.contains($0) }, stamps: stamps)
    state.places.removeAll { if case .case = $0 { true } else { false } }
    return open(&state, .case(id), 0)
  }

  static let hiddenAnswer = Message(
    .notice, "its answer is hidden until you have given yours", hint: Hint(.goReview, "goes to the queue"))

  static func resize(_ state: inout AppState, _ size: ScreenSize) -> [Effect] {
    state.size = size
    state.layout = layoutSize(state)
    return layOut(&state, state.layout)
  }

  /// Gives every screen the size that it is drawn on.
  static func layOut(_ state: inout AppState, _ size: ScreenSize) -> [Effect] {
    state.layout = size
    return route(&state, .models(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .infer(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .case(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .drift(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .review(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .outbox(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .inbox(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .feedback(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .search(.resized(columns: size.columns, rows: size.rows)))
      + route(&state, .log(.resized(columns: size.columns, rows: size.rows)))
  }

  static func rest(_ state: inout AppState, _ milliseconds: Int) -> [Effect] {
    switch state.place {
    case .models: route(&state, .models(.rested))
    case .drift: route(&state, .drift(.rested))
    case .review: route(&state, .review(.rested(milliseconds: milliseconds, now: state.time(at: milliseconds))))
    case .search: route(&state, .search(.rested))
    case .infer, .case, .outbox, .inbox, .feedback, .log: []
    }
  }

  /// The case so many after or before this one in its list, at most the last or the first; nil where that is this one.
  static func sibling(of current: CaseScreen.State, by step: Int) -> ShortHash? {
    guard let index = current.siblings.firstIndex(of: current.id) else { return nil }
    let other = max(0, min(current.siblings.count - 1, index + step))
    return other == index ? nil : current.siblings[other]
  }
}
