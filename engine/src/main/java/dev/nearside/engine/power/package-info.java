/**
 * What computing costs in energy, and how it is held below a budget. {@code EnergyMeters} finds the
 * counters of the system, {@code PowerGovernor} rests so that a budget is kept. A further source of
 * counters is an {@link dev.nearside.engine.power.EnergyMeter} and a line in {@code EnergyMeters}.
 */
@NullMarked
package dev.nearside.engine.power;

import org.jspecify.annotations.NullMarked;
