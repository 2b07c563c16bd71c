/// Runs work for each item, at most `limit` at a time, and returns the results in the items' order.
public func concurrently<Item: Sendable, Value: Sendable>(
  _ items: [Item], limit: Int, _ work: @escaping @Sendable (Item) async -> Value
) async -> [Value] {
  await withTaskGroup(of: (Int, Value).self) { group in
    var values: [Value?] = Array(repeating: nil, count: items.count)
    var started = 0
    while started < min(max(1, limit), items.count) {
      let (index, item) = (started, items[started])
      group.addTask { (index, await work(item)) }
      started += 1
    }
    while let (index, value) = await group.next() {
      values[index] = value
      if started < items.count {
        let (next, item) = (started, items[started])
        group.addTask { (next, await work(item)) }
        started += 1
      }
    }
    return values.compactMap(\.self)
  }
}

/// What the work returns or throws, as a value.
func result<Value>(_ work: () async throws(DeploymentError) -> Value) async -> Result<Value, DeploymentError> {
  do {
    return .success(try await work())
  } catch {
    return .failure(error)
  }
}
