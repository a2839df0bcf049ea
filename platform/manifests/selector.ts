type Labels = Readonly<Record<string, string>>

/** Whether labels satisfy a selector as kustomize takes it, `a=b,c!=d`. */
export const selectsByText = (text: string, labels: Labels): boolean =>
  text.split(',').every(part => {
    const [, key = '', not = '', value = ''] = /^([^!=]+)(!?)=(.*)$/.exec(part.trim()) ?? []
    return (labels[key] === value) === (not === '')
  })
