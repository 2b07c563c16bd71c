internal import ConfigurationFile
public import Domain

extension Catalogue {
  /// Reads an analyst's own catalogue files, a later one over an earlier: they stand over what is published.
  public init(files: [String]) throws(Problem) {
    var entries: [Entry] = []
    for path in files {
      let bytes = try Files.contents(of: path)
      do throws(Mistakes) {
        entries += try Catalogue(parsing: bytes, layer: .local).entries
      } catch {
        throw UserSettings.problem(error, in: path)
      }
    }
    self.init(entries: entries)
  }
}
