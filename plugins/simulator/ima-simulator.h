/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ima-simulator.h - commands of the simulator plugin for IMA_PluginIOctl.
 */
#ifndef IMA_SIMULATOR_H
#define IMA_SIMULATOR_H

/**
 * IMA_SIM_COMMAND - run statements of the control language of ima-simulator(5)
 *
 * Input: text in UTF-8, one or more lines, no terminating zero needed. Output: text in UTF-8
 * without terminating zero, empty for most statements; it may be left out (NULL). Statements
 * run one after the other up to the first that fails; that one has changed nothing.
 *
 * Return:
 * - IMA_STATUS_SUCCESS: every statement was run. If the text changes something, output that does
 *   not fit is cut off.
 * - IMA_ERROR_INVALID_PARAMETER: there is no input; or a statement is wrong, and IMAX_GetLastError
 *   tells the line and why; or the text only shows something and the output is too small, and
 *   *pOutputBufferLength is the size that is needed.
 */
#define IMA_SIM_COMMAND 1

/**
 * IMA_SIM_VERSION - which plugin is this?
 *
 * No input. Output: "ima-simulator 1" and the version of the plugin, as text without
 * terminating zero. IMA_ERROR_INVALID_PARAMETER if the output is too small, as above.
 */
#define IMA_SIM_VERSION 2

#endif
