// Here and not beside the tests, whose folder has no packages of its own.
import 'fake-indexeddb/auto';
