internal import Domain
internal import FoundationEssentials
internal import HTTPTypes
internal import OpenInference

/// Every model that the folder holds, in each of its roles, and how each is doing.
actor Repository {
  /// One line of the repository index.
  struct Entry: Sendable {
    var id: ModelID
    var folder: ModelFolder
    var role: ServedRole
    var state: State
    var reason = ""
    /// Nil where it is not loaded.
    var served: Served?
  }

  /// The protocol's words.
  enum State: String, Sendable {
    case ready = "READY"
    case loading = "LOADING"
    case unavailable = "UNAVAILABLE"
  }

  private(set) var entries: [Entry]

  init(root: URL) {
    entries = []
    for folder in ModelFolder.all(in: root) {
      let settings = try? folder.settings()
      let name = settings?.name ?? folder.name
      for role in ServedRole.allCases {
        let id = ModelID(name.appending(RawText(role.rawValue)), version: settings?.version)
        var entry = Entry(id: id, folder: folder, role: role, state: .unavailable)
        if let first = entries.first(where: { $0.id.name == id.name }) {
          entry.reason = "the folder '\(first.folder.name)' holds a model of this name already"
        }
        entries.append(entry)
      }
    }
  }

  /// Loads every model; one that is refused does not hold up the others.
  func loadAll() async {
    for entry in entries where entry.reason.isEmpty { try? await load(entry.id.name) }
  }

  /// Loads a model from its files, also one that is loaded. The one in service answers until the new one is checked.
  func load(_ name: RawText) async throws(Refusal) {
    guard let index = entries.firstIndex(where: { $0.id.name == name }) else { throw .notFound(ModelID(name)) }
    entries[index].state = .loading
    do {
      let model = try await entries[index].folder.load(entries[index].role)
      entries[index].served = Served(model)
      entries[index].id = model.id
      entries[index].state = .ready
      entries[index].reason = ""
    } catch {
      entries[index].served = nil
      entries[index].state = .unavailable
      entries[index].reason = error.reason
      throw .error(.internalServerError, "\(name): \(error.reason)")
    }
  }

  func unload(_ name: RawText) throws(Refusal) {
    guard let index = entries.firstIndex(where: { $0.id.name == name && $0.served != nil }) else {
      throw .notFound(ModelID(name))
    }
    entries[index].served = nil
    entries[index].state = .unavailable
  }

  /// The model of this name, in this version where one is asked for.
  func model(_ id: ModelID) throws(Refusal) -> Served {
    guard let entry = entries.first(where: { $0.id.name == id.name }) else { throw .notFound(id) }
    guard let served = entry.served else { throw .notFound(ModelID(id.name), because: entry.reason) }
    guard id.version == nil || id.version == served.model.id.version else { throw .notFound(id) }
    return served
  }

  /// The lines of the index; only those that are ready where that is asked.
  func index(readyOnly: Bool) -> RepositoryIndex {
    RepositoryIndex(
      rows: entries.filter { !readyOnly || $0.state == .ready }.map {
        .init(name: $0.id.name, version: $0.id.version, state: RawText($0.state.rawValue), reason: RawText($0.reason))
      })
  }
}
