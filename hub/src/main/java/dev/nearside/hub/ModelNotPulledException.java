package dev.nearside.hub;

import dev.nearside.base.Fault;

/** The name is a good one, but the model is not on this machine yet: pull it. */
public final class ModelNotPulledException extends HubException {
  private static final long serialVersionUID = 1L;

  private final String name;

  public ModelNotPulledException(String name) {
    super(
        Fault.of("the model is not on this machine").got(name).hint("Run: nearside pull " + name));
    this.name = name;
  }

  /** The full name to pull. */
  public String name() {
    return name;
  }
}
