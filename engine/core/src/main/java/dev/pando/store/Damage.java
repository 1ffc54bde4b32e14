package dev.pando.store;

import dev.pando.PandoException;

/** Makes the exception for a damaged place of a map's files, and remembers that there was one. */
interface Damage {

    PandoException at(String place);
}
