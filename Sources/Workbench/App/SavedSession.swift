public import Domain
internal import Feedback

/// Where an analyst left: what the next start opens.
///
/// It holds places and orders, never an answer or a judgement: those are in the ledger.
public struct SavedSession: Equatable, Sendable {
  /// The newest form of it; others are not read.
  private static let version: Int64 = 1

  /// The screens opened one from another.
  public var places: [Place]
  /// The model under the cursor of the list.
  var model: ModelID?
  var sort = ModelsScreen.SortColumn.drift
  var isReversed = false
  var filter = ""
  var queue: QueueOrder?
  var queueSort = ReviewScreen.SortOrder.queue
  /// The case under the cursor of the queue.
  var queueCase: ShortHash?
  var driftWidth = WindowWidth.sixHours

  /// What is to be found again of a workbench.
  public init(_ state: AppState) {
    // A search is asked anew, and a log is of one session.
    places = state.places.filter { $0 != .search && $0 != .log }
    model = state.models.hasChosen ? state.models.selected?.id : nil
    sort = state.models.sort
    isReversed = state.models.isReversed
    filter = state.models.filter
    if state.places.contains(.review) { queue = state.review.order }
    queueSort = state.review.sort
    queueCase = state.review.selected?.id
    driftWidth = state.drift?.width ?? .sixHours
  }

  /// The session as it is kept.
  public var json: JSON {
    .object([
      "v": .integer(SavedSession.version),
      "places": .array(places.map(SavedSession.json)),
      "models": .object([
        "selected": model.map(SavedSession.json) ?? .null, "sort": .text(sort.rawValue), "reversed": .bool(isReversed),
        "filter": .text(filter),
      ]),
      "review": queue.map { SavedSession.json($0, sort: queueSort, case: queueCase) } ?? .null,
      "drift": .object(["width": .text(driftWidth.rawValue)]),
    ])
  }

  /// Reads a kept session; nil where anything in it is not as it was written.
  public init?(_ json: JSON) {
    guard json["v"] == .integer(SavedSession.version), let places = json["places"]?.array, !places.isEmpty,
      places.count <= 100
    else { return nil }
    let read = places.compactMap(SavedSession.place)
    guard read.count == places.count, let models = json["models"], let sort = models["sort"]?.text,
      let column = ModelsScreen.SortColumn(rawValue: sort.string), let isReversed = models["reversed"]?.bool,
      let filter = models["filter"]?.text, let width = json["drift"]?["width"]?.text,
      let driftWidth = WindowWidth(rawValue: width.string)
    else { return nil }
    self.places = read
    model = models["selected"].flatMap(SavedSession.model)
    self.sort = column
    self.isReversed = isReversed
    self.filter = filter.string
    self.driftWidth = driftWidth
    guard let review = json["review"], review != .null else { return }
    guard let queue = SavedSession.queue(review), let order = review["sort"]?.text,
      let queueSort = ReviewScreen.SortOrder(rawValue: order.string)
    else { return nil }
    self.queue = queue
    self.queueSort = queueSort
    queueCase = review["case"]?.text.flatMap { ShortHash(hex: $0.string) }
  }

  private static func json(_ model: ModelID) -> JSON {
    .object(["name": .string(model.name), "version": model.version.map { .string($0) } ?? .null])
  }

  private static func json(_ place: Place) -> JSON {
    let screen = JSON.text(place.scope.rawValue)
    switch place {
    case .infer(let id), .drift(let id): return .object(["screen": screen, "model": json(id)])
    case .case(let id): return .object(["screen": screen, "case": .text(id.hex)])
    case .models, .review, .outbox, .inbox, .feedback, .search, .log: return .object(["screen": screen])
    }
  }

  private static func json(_ order: QueueOrder, sort: ReviewScreen.SortOrder, case id: ShortHash?) -> JSON {
    .object([
      "model": order.model.map { .string($0) } ?? .null, "sampler": .text(order.sampler.rawValue),
      "blind": .bool(order.isBlind),
      "taken": order.taken.map { .object(["id": .string($0.id), "name": .string($0.name)]) } ?? .null,
      "drawn": order.drawn.map { .string($0) } ?? .null, "sort": .text(sort.rawValue),
      "case": id.map { .text($0.hex) } ?? .null,
    ])
  }

  private static func model(_ json: JSON) -> ModelID? {
    guard let name = json["name"]?.text else { return nil }
    return ModelID(name, version: json["version"]?.text)
  }

  private static func place(_ json: JSON) -> Place? {
    guard let scope = json["screen"]?.text.flatMap({ Scope(rawValue: $0.string) }) else { return nil }
    switch scope {
    case .everywhere, .search, .log: return nil
    case .models: return .models
    case .infer: return json["model"].flatMap(model).map(Place.infer)
    case .drift: return json["model"].flatMap(model).map(Place.drift)
    case .case: return json["case"]?.text.flatMap { ShortHash(hex: $0.string) }.map(Place.case)
    case .review: return .review
    case .outbox: return .outbox
    case .inbox: return .inbox
    case .feedback: return .feedback
    }
  }

  private static func queue(_ json: JSON) -> QueueOrder? {
    guard let sampler = json["sampler"]?.text.flatMap({ Sampler(rawValue: $0.string) }),
      let isBlind = json["blind"]?.bool
    else { return nil }
    var taken: TakenOrder?
    if let kept = json["taken"], kept != .null {
      guard let id = kept["id"]?.text, let name = kept["name"]?.text else { return nil }
      taken = TakenOrder(id: id, name: name)
    }
    var order = QueueOrder(model: json["model"]?.text, sampler: sampler, isBlind: isBlind, taken: taken)
    order.drawn = json["drawn"]?.text
    return order
  }
}

extension AppState {
  /// Goes back to where the analyst left; to be called before the workbench starts.
  public mutating func restore(_ session: SavedSession) {
    places = session.places
    models.sort = session.sort
    models.isReversed = session.isReversed
    models.filter = session.filter
    models.wanted = session.model
    if let queue = session.queue {
      // Whether answers are hidden is for the configuration to say, for the researchers in a queue of theirs, and for the
      // analyst who was answering blind: a start may hide what was shown, never show what was hidden.
      let isBlind = queue.isBlind || (queue.taken == nil && review.order.isBlind)
      if queue.taken != nil { review.isBlindByChoice = review.order.isBlind }
      review.order = queue
      review.order.isBlind = isBlind
      review.sort = session.queueSort
      review.wanted = session.queueCase
    }
    for place in places { _ = App.prepare(&self, place) }
    drift?.width = session.driftWidth
  }
}
