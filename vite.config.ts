import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  base: './',
  plugins: [react()],
  worker: {
    format: 'es',
    // One chunk for what everything shares, instead of a dozen small ones around the worker.
    rolldownOptions: {
      output: {
        advancedChunks: {
          groups: [
            {
              name: 'shared',
              test: /src\/core\/(base|wire\/(arp|ethernet|icmp|ipv4|tcp)|kernel\/(dev|icmp|ip|neigh|route|tcp)\/)/,
            },
          ],
        },
      },
    },
  },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'], environment: 'node', testTimeout: 20_000 },
})
