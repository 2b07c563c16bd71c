public import Domain

extension Kubernetes {
  /// The lists whose changes it tells.
  public static let followed: [ControlList] = [.models, .pipelines, .experiments, .servers, .runtimes, .scales]

  /// Tells what happens on a list from a version on, or from now, until the API server ends the watch, as it does every
  /// few minutes.
  /// - Returns: the version to go on from without a gap; nil where it is too old, and all is to be listed again.
  public func follow(
    _ list: ControlList, from version: RawText? = nil, _ tell: (ControlNews) -> Void
  ) async throws(DeploymentError) -> RawText? {
    let start: RawText
    if let version { start = version } else { start = try await newestVersion(of: list) }
    guard var watch = try await watch(list, from: start) else { return nil }
    tell(.began)
    while let event = try await watch.next() {
      switch event {
      case .added(let object), .modified(let object), .deleted(let object):
        tell(.changed(object["metadata"]?["name"]?.text ?? ""))
      case .bookmark: continue
      case .expired: return nil
      }
    }
    return watch.resourceVersion
  }

  /// The version that a list has now; one object is read for it.
  private func newestVersion(of list: ControlList) async throws(DeploymentError) -> RawText {
    try await get(list, "limit=1")["metadata"]?["resourceVersion"]?.text ?? ""
  }
}
