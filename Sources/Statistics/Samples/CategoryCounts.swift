/// How often each category occurs in a reference and in current data, over the union of both.
///
/// Categories keep their order of first appearance, the reference's first.
public struct CategoryCounts<Category: Hashable & Sendable>: Hashable, Sendable {
  public private(set) var categories: [Category] = []
  public private(set) var reference: [Int] = []
  public private(set) var current: [Int] = []
  private var places: [Category: Int] = [:]

  public init(reference: some Sequence<Category>, current: some Sequence<Category>) {
    for category in reference { self.reference[place(of: category)] += 1 }
    for category in current { self.current[place(of: category)] += 1 }
  }

  /// The categories that only current data has.
  public var unseen: [Category] {
    categories.indices.filter { reference[$0] == 0 && current[$0] > 0 }.map { categories[$0] }
  }

  private mutating func place(of category: Category) -> Int {
    if let place = places[category] { return place }
    let place = categories.count
    places[category] = place
    categories.append(category)
    reference.append(0)
    current.append(0)
    return place
  }
}
