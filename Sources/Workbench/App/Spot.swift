internal import Domain

/// A place to come back to: the screens, and what was under the cursor of the lists that are worked through.
struct Spot: Equatable, Sendable {
  var places: [Place]
  var model: ModelID?
  var queued: ShortHash?
}
